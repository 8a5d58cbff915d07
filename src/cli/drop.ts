import { systemClock } from '../clock.ts'
import { type DropResult, dropDelivery as drop } from '../deliver/drop.ts'
import type { JsonObject } from '../plugin/json.ts'
import type { DeliveryStatus } from '../store/deliveries.ts'
import { atDesk, withQueue } from './desk.ts'
import type { Outcome } from './outcome.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Gives a delivery up and says which. Harmless when repeated; not ok where there is none of that id, or its state has nothing to give up. */
export async function dropDelivery(id: string, env: Variables): Promise<Outcome> {
  const result = await atDesk(env, (desk) =>
    withQueue(desk, (queue) => drop({ pool: desk.pool, log: desk.log, queue, clock: systemClock }, id)),
  )
  const ok = result.kind === 'dropped' || result.kind === 'already'
  const text = describe(id, result)
  return {
    ok,
    text,
    json: ok ? { ok, id, ...facts(result) } : { ok, id, ...facts(result), error: errorOf(text, result) },
  }
}

function describe(id: string, result: DropResult): string {
  switch (result.kind) {
    case 'dropped': {
      const { kind, item, flow, destination, state, failure } = result.delivery
      const reason = failure === undefined ? '' : `: ${failure.code}: ${failure.message}`
      const { length } = result.released
      const goesOn =
        length === 0 ? [] : [length === 1 ? '1 that waited for it goes on.' : `${length} that waited for it go on.`]
      return [
        `${id}, ${kind} ${item} of flow ${flow} to ${destination}, is dropped. It ${WAS[state] ?? 'may have arrived'}${reason}`,
        ...goesOn,
      ].join('\n')
    }
    case 'already':
      return `${id} was dropped already.`
    case 'refused':
      return `${id} is not dropped: ${REFUSED[result.state]}`
    case 'not-found':
      return `There is no delivery ${id}. "flowgate deliveries --failed" lists them.`
  }
}

const WAS: Partial<Record<DeliveryStatus, string>> = { failed: 'had failed', pending: 'was held up' }

const REFUSED = {
  waiting: 'it waits for records that are not delivered yet. Replay or drop those.',
  pending:
    'it is on its way. Only what has failed, may or may not have arrived, or is held up by a paused destination can be dropped.',
  delivered: 'it is delivered. What is to go must be deleted where it arrived.',
  skipped: 'its `when` left it out; there is nothing to drop.',
}

function facts(result: DropResult): JsonObject {
  switch (result.kind) {
    case 'dropped': {
      const { state, item, kind, flow, destination } = result.delivery
      return { result: 'dropped', state_before: state, flow, kind, item, destination, released: [...result.released] }
    }
    case 'refused':
      return { result: 'refused', state: result.state }
    case 'already':
    case 'not-found':
      return { result: result.kind }
  }
}

function errorOf(message: string, { kind }: DropResult): JsonObject {
  return { code: kind === 'not-found' ? 'FG_CLI_DELIVERY' : 'FG_CLI_DELIVERY_STATE', message }
}
