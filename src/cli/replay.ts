import { systemClock } from '../clock.ts'
import { type Replaying, type ReplayResult, replayDelivery, replayFailed } from '../deliver/replay.ts'
import { countUnknown } from '../store/replay.ts'
import { type ConfigOption, configurationWithoutSecrets } from './configuration.ts'
import { atDesk, withQueue } from './desk.ts'
import { requireKnownNames } from './known-names.ts'
import { CommandError, type Outcome } from './outcome.ts'

export interface ReplayOptions extends ConfigOption {
  readonly failed?: boolean
  readonly destination?: string
  readonly flow?: string
  readonly sameMapping?: boolean
}

/** Sends one delivery again, or all that failed. Not ok where any of them could not be sent. */
export async function replay(
  id: string | undefined,
  options: ReplayOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Outcome> {
  if ((id === undefined) === !options.failed) {
    throw new CommandError('FG_CLI_USAGE', 'Name one delivery, or --failed for all that failed; not both.')
  }
  const configuration = await configurationWithoutSecrets(options, env)
  const mapping = options.sameMapping ? 'same' : 'latest'
  const { results, unknown } = await atDesk(env, (desk) =>
    withQueue(desk, async (queue) => {
      const { pool, log } = desk
      const replaying: Replaying = { pool, queue, log, clock: systemClock, configuration: () => configuration }
      if (id !== undefined) return { results: [await replayDelivery(replaying, id, { mapping })], unknown: undefined }
      const { destination, flow } = options
      const chosen = { ...(destination !== undefined && { destination }), ...(flow !== undefined && { flow }) }
      const results = await replayFailed(replaying, { mapping, ...chosen })
      if (results.length === 0) await requireKnownNames(chosen, pool, configuration)
      return { results, unknown: await countUnknown(pool, { destination, flow }) }
    }),
  )
  const ok = results.every(({ kind }) => kind === 'replayed' || kind === 'under-way' || kind === 'settled')
  const list = results.map(({ deliveryId, kind }) => ({ id: deliveryId, result: kind }))
  const lines = results.length === 0 ? ['Nothing has failed.'] : results.map(describe)
  const text = [...lines, ...describeUnknown(unknown ?? 0)].join('\n')
  return { ok, text, json: { ok, deliveries: list, ...(unknown === undefined ? {} : { unknown }) } }
}

/** Each of those is somebody's decision, so none is sent again with the others. */
function describeUnknown(count: number): readonly string[] {
  if (count === 0) return []
  const [are, each] = count === 1 ? ['1 is unknown', 'it'] : [`${count} are unknown`, 'each']
  return [
    `${are}, and not sent again: "flowgate deliveries --failed" shows what may have arrived. Look there, then send ${each} again by "flowgate replay <id>", or give it up by "flowgate deliveries drop <id>".`,
  ]
}

function describe(result: ReplayResult): string {
  const { deliveryId } = result
  switch (result.kind) {
    case 'replayed':
      return `${deliveryId} goes to ${result.destination} again.`
    case 'under-way':
      return `${deliveryId} is on its way already.`
    case 'settled':
      return `${deliveryId} is delivered or left out already; nothing is sent.`
    case 'waiting':
      return `${deliveryId} waits for records that are not delivered yet. Replay those.`
    case 'no-mapping':
      return `${deliveryId}: the mapping has no such record or message any more. Add it again, or use --same-mapping.`
    case 'not-found':
      return `There is no delivery ${deliveryId}. "flowgate deliveries --failed" lists them.`
  }
}
