import type { Finding } from '../config/issue.ts'
import { compileMapping } from '../map/compile.ts'
import type { Mapping } from '../map/model.ts'
import { type Failure, FailureError } from '../plugin/failure.ts'
import { readMapping } from '../store/mappings.ts'
import type { Sql } from '../store/pool.ts'

/** Mappings as submissions were accepted with them, ready to run. */
export interface Mappings {
  /** Rejects with a FailureError where the content no longer compiles. */
  get(hash: string, sql: Sql): Promise<Mapping>
}

const KEPT_AT_MOST = 100

/** Compiles each mapping once and keeps the latest hundred. */
export function createMappings(): Mappings {
  const kept = new Map<string, Mapping>()
  return {
    async get(hash, sql) {
      const known = kept.get(hash)
      if (known !== undefined) return known
      const mapping = await compile(hash, sql)
      const oldest = kept.keys().next()
      if (kept.size >= KEPT_AT_MOST && !oldest.done) kept.delete(oldest.value)
      kept.set(hash, mapping)
      return mapping
    },
  }
}

async function compile(hash: string, sql: Sql): Promise<Mapping> {
  const content = await readMapping(sql, hash)
  if (content === undefined) throw unusable(`The mapping ${hash.slice(0, 12)} is not in the database any more.`)
  const errors: Finding[] = []
  const mapping = compileMapping(content, (finding) => {
    if (finding.severity === 'error') errors.push(finding)
  })
  const first = errors[0]
  if (first === undefined) return mapping
  throw unusable(
    `The mapping that this submission was accepted with does not run any more (${first.path.join('.')}: ${first.message}).`,
  )
}

function unusable(why: string): FailureError {
  const failure: Failure = {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_DELIVERY_MAPPING_UNUSABLE',
    message: `${why} Replay the delivery with the newest mapping.`,
  }
  return new FailureError(failure)
}
