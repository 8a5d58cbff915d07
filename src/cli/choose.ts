import { systemClock } from '../clock.ts'
import { type ChoiceResult, chooseRecord as choose } from '../deliver/choose.ts'
import type { JsonObject } from '../plugin/json.ts'
import { type ConfigOption, configurationWithoutSecrets } from './configuration.ts'
import { atDesk, withQueue } from './desk.ts'
import type { Outcome } from './outcome.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Says which record a delivery that found several is written to, and sends it again. Harmless when repeated; not ok where nothing can be chosen. */
export async function chooseRecord(
  id: string,
  chosen: string,
  options: ConfigOption,
  env: Variables,
): Promise<Outcome> {
  const configuration = await configurationWithoutSecrets(options, env)
  const result = await atDesk(env, (desk) =>
    withQueue(desk, (queue) => {
      const { pool, log } = desk
      return choose({ pool, queue, log, clock: systemClock, configuration: () => configuration }, id, chosen)
    }),
  )
  const text = describe(id, chosen, result)
  const ok = result.kind === 'chosen' || result.kind === 'under-way' || result.kind === 'settled'
  const facts: JsonObject = { id, result: result.kind, chosen }
  if (ok) return { ok, text, json: { ok, ...facts } }
  const code = result.kind === 'not-found' ? 'FG_CLI_DELIVERY' : 'FG_CLI_CHOICE'
  return { ok, text, json: { ok, ...facts, error: { code, message: text } } }
}

function describe(id: string, chosen: string, result: ChoiceResult): string {
  switch (result.kind) {
    case 'chosen':
      return `${id} goes to ${result.destination} again, ${chosen === 'new' ? 'as a record of its own' : `to the record ${chosen}`}${result.held ? `, once that is resumed: flowgate destinations resume ${result.destination}` : ''}.`
    case 'stranger':
      return `${chosen} is none of the records that fit ${id}: choose ${result.candidates.join(', ')} or new. Where they are merged now, run "flowgate replay ${id}".`
    case 'nothing-to-choose':
      return `${id} is ${result.state}, and not because several records fit: there is nothing to choose.`
    case 'under-way':
      return `${id} is on its way already.`
    case 'settled':
      return `${id} is delivered or left out already; nothing is sent.`
    case 'not-found':
      return `There is no delivery ${id}. "flowgate deliveries --failed" lists them.`
  }
}
