import { globSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'

export interface FileCoverage {
  readonly path: string
  readonly totalLineCount: number
  readonly coveredLineCount: number
}

const FLOOR_PERCENT = 95

/** What decides about a person's answers and a company's records. */
const ROOMS = [
  'src/flow/**/*.ts',
  'src/map/**/*.ts',
  'src/value/**/*.ts',
  'src/submit/**/*.ts',
  'src/ask/**/*.ts',
  'src/receive/envelope.ts',
  'src/deliver/outcome.ts',
]

/** Prints the line coverage of each room and answers with what is below the floor or was loaded by no test. */
export function checkFloors(coverage: readonly FileCoverage[], rooms: readonly string[] = ROOMS): readonly string[] {
  const byPath = new Map(coverage.map((file) => [relative('.', file.path), file]))
  return rooms.flatMap((room) => {
    const files = globSync(room)
    if (files.length === 0) return [`coverage: ${room} names no file`]
    const reported = files.flatMap((file) => byPath.get(file) ?? [])
    const lines = reported.reduce((sum, file) => sum + file.totalLineCount, 0)
    const covered = reported.reduce((sum, file) => sum + file.coveredLineCount, 0)
    const percent = (100 * covered) / lines
    console.log(`coverage ${room}: ${percent.toFixed(1)} % of ${lines} lines in ${reported.length} files`)
    // The report leaves out files that no test loads, so their absence must not pass for good coverage.
    const unseen = files.filter((file) => !byPath.has(file) && holdsCode(file))
    return [
      ...unseen.map((file) => `coverage: no test loads ${file}`),
      ...(percent >= FLOOR_PERCENT
        ? []
        : [`coverage: ${room} has ${percent.toFixed(1)} %, less than ${FLOOR_PERCENT} %`]),
    ]
  })
}

// A line that begins a statement of another kind than a type. Biome starts every statement at the line's first column.
const CODE = /^(?!import type|export type|export interface|interface|type |[\s})|/*]|$)/m

/** A file of nothing but types is erased: it is never loaded and has no line that could run. */
function holdsCode(file: string): boolean {
  return CODE.test(readFileSync(file, 'utf8'))
}
