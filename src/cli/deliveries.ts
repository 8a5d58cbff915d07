import { readDeliveryStory } from '../deliver/story.ts'
import type { Json, JsonObject } from '../plugin/json.ts'
import type { Attempt } from '../store/attempts.ts'
import { type ListedDelivery, listDeliveries as queryDeliveries } from '../store/delivery-views.ts'
import { type ConfigOption, configurationWithoutSecrets } from './configuration.ts'
import { atDesk } from './desk.ts'
import { requireKnownNames } from './known-names.ts'
import type { Outcome } from './outcome.ts'
import { table } from './table.ts'

export interface ListOptions extends ConfigOption {
  readonly failed?: boolean
  readonly destination?: string
  readonly flow?: string
  readonly submission?: string
  readonly limit: number
}

type Variables = Readonly<Record<string, string | undefined>>

/** Lists deliveries, newest first. Rejects where it is to look for a name that there is not. Not ok where `failed` was asked for and there are any: a script can watch that. */
export function listDeliveries(options: ListOptions, env: Variables): Promise<Outcome> {
  return atDesk(env, async ({ pool }) => {
    const listed = await queryDeliveries(pool, {
      states: options.failed ? ['failed', 'unknown'] : [],
      destination: options.destination,
      flow: options.flow,
      submissionId: options.submission,
      limit: options.limit,
    })
    if (listed.length === 0 && (options.destination !== undefined || options.flow !== undefined)) {
      await requireKnownNames(options, pool, await configurationWithoutSecrets(options, env))
    }
    const ok = !options.failed || listed.length === 0
    return { ok, text: describeList(listed, options), json: { ok, deliveries: listed.map(deliveryJson) } }
  })
}

/** Shows one delivery with every attempt; not ok where there is none of that id. */
export function showDelivery(id: string, env: Variables): Promise<Outcome> {
  return atDesk(env, async ({ pool }) => {
    const story = await readDeliveryStory(pool, id)
    if (!story) {
      const text = `There is no delivery ${id}. "flowgate deliveries" lists them.`
      return { ok: false, text, json: { ok: false, error: { code: 'FG_CLI_DELIVERY', message: text } } }
    }
    const { delivery, attempts } = story
    const text = [...describeDelivery(delivery), ...attempts.flatMap(describeAttempt)].join('\n')
    return { ok: true, text, json: { ok: true, delivery: deliveryJson(delivery), attempts: attempts.map(attemptJson) } }
  })
}

function describeList(listed: readonly ListedDelivery[], { failed, limit }: ListOptions): string {
  if (listed.length === 0) return failed ? 'Nothing has failed.' : 'There are no deliveries yet.'
  const rows = listed.map((delivery) => [
    delivery.id,
    delivery.state,
    `${delivery.flow}/${delivery.item}${delivery.occasion === 'submitted' ? '' : ` (${OCCASION[delivery.occasion]})`}`,
    delivery.destination,
    time(delivery.createdAt),
    lastWord(delivery),
  ])
  const more = listed.length === limit ? ['', `The newest ${limit}; --limit shows more.`] : []
  return [table(['DELIVERY', 'STATE', 'WHAT', 'TO', 'SINCE', ''], rows), ...more].join('\n')
}

const OCCASION: Readonly<Record<ListedDelivery['occasion'], string>> = {
  submitted: 'accepted',
  handed_over: 'handed over',
  expired: 'opened after its end',
}

/** What matters most of a delivery in one cell: the link, the reason, or when it goes on. */
function lastWord({ state, receipt, failure, nextAttemptAt }: ListedDelivery): string {
  if (state === 'delivered') return receipt?.url ?? receipt?.id ?? ''
  const reason = failure === undefined ? '' : `${failure.code}: ${failure.message}`
  if (state === 'pending' && nextAttemptAt !== undefined) return `next ${time(nextAttemptAt)} ${reason}`.trim()
  return reason
}

function describeDelivery(delivery: ListedDelivery): string[] {
  const { id, state, flow, item, kind, destination, submissionId, occasion, acceptedAt, receipt, failure } = delivery
  return [
    `${id}  ${state}`,
    `${kind} ${item} of flow ${flow}, to ${destination}`,
    `submission ${submissionId}, ${OCCASION[occasion]} ${time(acceptedAt)}`,
    ...(receipt ? [`${receipt.outcome} ${receipt.id}${receipt.url ? ` ${receipt.url}` : ''}`] : []),
    ...(failure ? [`${failure.code}: ${failure.message}`] : []),
    ...choiceOf(delivery),
  ]
}

/** What a person is asked to decide. */
function choiceOf({ id, state, failure, chosen }: ListedDelivery): string[] {
  const candidates = failure?.kind === 'permanent' ? (failure.candidates ?? []) : []
  return [
    ...(chosen === undefined ? [] : [chosen === 'new' ? 'chosen: a record of its own' : `chosen: ${chosen}`]),
    ...(state !== 'failed' || candidates.length === 0
      ? []
      : [`several records fit: ${candidates.join(', ')}`, `choose: flowgate deliveries choose ${id} <record, or new>`]),
  ]
}

function describeAttempt(attempt: Attempt): string[] {
  const { number, startedAt, endedAt, worker, stage, input, receipt, failure } = attempt
  const took = endedAt === undefined ? 'not ended' : `${endedAt.getTime() - startedAt.getTime()} ms`
  const cameBack = receipt ? `${receipt.outcome} ${receipt.id}` : failure ? `${failure.code}: ${failure.message}` : ''
  return [
    '',
    `attempt ${number}  ${time(startedAt)}  ${took}  by ${worker}${stage === 'late' ? '  (late notice)' : ''}`,
    ...(input === undefined ? [] : [`  → ${JSON.stringify(input)}`]),
    ...(cameBack === '' ? [] : [`  ← ${cameBack}`]),
  ]
}

function deliveryJson(delivery: ListedDelivery): JsonObject {
  return plain({
    id: delivery.id,
    submission_id: delivery.submissionId,
    flow: delivery.flow,
    version: delivery.version,
    occasion: delivery.occasion,
    kind: delivery.kind,
    item: delivery.item,
    destination: delivery.destination,
    state: delivery.state,
    attempts: delivery.attempts,
    next_attempt_at: delivery.nextAttemptAt,
    receipt: delivery.receipt,
    failure: delivery.failure,
    chosen: delivery.chosen,
    accepted_at: delivery.acceptedAt,
    created_at: delivery.createdAt,
    settled_at: delivery.settledAt,
  })
}

function attemptJson(attempt: Attempt): JsonObject {
  return plain({
    number: attempt.number,
    stage: attempt.stage,
    started_at: attempt.startedAt,
    ended_at: attempt.endedAt,
    worker: attempt.worker,
    input: attempt.input,
    receipt: attempt.receipt,
    failure: attempt.failure,
  })
}

/** As it is read back from JSON: times as text, what is absent left out. */
function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as { readonly [key: string]: Json }
}

function time(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ')
}
