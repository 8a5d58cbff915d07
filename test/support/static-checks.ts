import { spawn } from 'node:child_process'
import { once } from 'node:events'

const CHECKS = {
  types: ['tsc', '--noEmit'],
  'lint and format': ['biome', 'check', '--error-on-warnings', '.'],
  'dead code': ['knip'],
}

/** Runs the type checker, the linter and the dead-code check; prints what they find and resolves with which of them found something. */
export async function runStaticChecks(): Promise<readonly string[]> {
  const problems: string[] = []
  for (const [name, [program = '', ...options]] of Object.entries(CHECKS)) {
    // By this Node: the first on the PATH may be an older one.
    const child = spawn(process.execPath, [`node_modules/.bin/${program}`, ...options], { stdio: 'inherit' })
    const [status] = await once(child, 'exit')
    console.log(`${status === 0 ? '✔' : '✖'} ${name}`)
    if (status !== 0) problems.push(`${name}: ${program} found something`)
  }
  return problems
}
