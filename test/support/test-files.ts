import { globSync } from 'node:fs'
import { relative, resolve } from 'node:path'

/** The test files at or under `paths`, all of them where none is given. Throws where a path names no test. */
export function findTestFiles(paths: readonly string[]): readonly string[] {
  const all = globSync('test/**/*.test.ts')
  const wanted = paths.map((path) => relative('.', resolve(path)))
  for (const path of wanted) {
    if (!all.some((file) => isAtOrUnder(file, path))) throw new Error(`${path} holds no test file (*.test.ts)`)
  }
  return all.filter((file) => wanted.length === 0 || wanted.some((path) => isAtOrUnder(file, path))).sort()
}

function isAtOrUnder(file: string, path: string): boolean {
  return file === path || file.startsWith(`${path}/`)
}
