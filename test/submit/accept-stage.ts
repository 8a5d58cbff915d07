import type { Pool } from 'pg'
import { beginSession } from '../../src/flow/begin-session.ts'
import type { Session } from '../../src/flow/session.ts'
import type { Mapping } from '../../src/map/model.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import { saveMapping } from '../../src/store/mappings.ts'
import { createPool } from '../../src/store/pool.ts'
import { createQueue } from '../../src/store/queue.ts'
import { type Acceptance, createAccept } from '../../src/submit/accept.ts'
import type { FinishedForm } from '../../src/submit/prepare.ts'
import { testDatabase } from '../support/database.ts'
import { flowOf, leadFlowFile, leadFlowJson, leadMappingFile, mappingOf } from '../support/flow.ts'
import { keptLog } from '../support/log.ts'

export const flow = flowOf(leadFlowFile, leadFlowJson)
export const mapping = mappingOf(leadMappingFile)
export const NOW = new Date('2026-03-02T09:00:00Z')
export const answer = { screen: 'SUCCESS', data: { extension_message_response: { params: { flow_token: 't' } } } }

/** The acceptance of two processes on a database of its own that knows the mapping of the lead flow. */
export interface AcceptStage extends AsyncDisposable {
  readonly pool: Pool
  accept(finished: FinishedForm): Promise<Acceptance>
  /** Accepts so many times at once, in two processes in turn. */
  acceptAtOnce(times: number, finished: (index: number) => FinishedForm): Promise<readonly Acceptance[]>
  /** Keeps another mapping, as the start of a gateway does. */
  keep(another: Mapping): Promise<void>
  /** How many rows there are of what stands behind `from`. */
  count(from: string, values?: unknown[]): Promise<number>
}

export async function acceptStage(): Promise<AcceptStage> {
  const database = await testDatabase()
  const pool = createPool({ url: database.url, max: 8, name: 'test' })
  const queue = await createQueue({ url: database.url, log: keptLog().log, mode: 'send' })
  const keep = ({ hash, content }: Mapping) => saveMapping(pool, { hash, flow: flow.name, content }, NOW)
  await keep(mapping)
  const accept = createAccept({ pool, queue })
  // What processes share is the database alone: another group of transactions is another process.
  const processes = [accept, createAccept({ pool, queue })]
  return {
    pool,
    accept,
    acceptAtOnce: (times, form) =>
      Promise.all(
        Array.from({ length: times }, (_, index) => (processes[index % processes.length] ?? accept)(form(index))),
      ),
    keep,
    async count(from, values = []) {
      const { rows } = await pool.query<{ n: number }>(`select count(*) as n from ${from}`, values)
      return rows[0]?.n ?? -1
    },
    async [Symbol.asyncDispose]() {
      await queue.stop({ withinMs: 1000 })
      await pool.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

let runs = 0

/** A form with these answers, finished in a session of its own that is not stored yet. */
export function finished(form: JsonObject, changes: Partial<FinishedForm> = {}): FinishedForm {
  runs += 1
  const session: Session = {
    ...beginSession(flow, undefined, `token-${runs}`, `ses_${runs}`, NOW),
    form,
    lastAnswer: answer,
  }
  return {
    flow,
    mapping,
    session,
    expectedRevision: 0,
    stored: true,
    answer,
    requestId: `req_${runs}`,
    now: NOW,
    ...changes,
  }
}
