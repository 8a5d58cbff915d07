import { API } from './errors/api.ts'
import { COMMANDS } from './errors/commands.ts'
import { CONFIGURATION_FILES } from './errors/configuration-files.ts'
import { CONFIGURED_FLOWS } from './errors/configured-flows.ts'
import { DATABASE } from './errors/database.ts'
import { DELIVERIES } from './errors/deliveries.ts'
import { ENVIRONMENT } from './errors/environment.ts'
import { FLOW_JSON } from './errors/flow-json.ts'
import { LIVE_CHECK } from './errors/live-check.ts'
import { MAPPINGS } from './errors/mappings.ts'
import { OUTGOING_REQUESTS } from './errors/outgoing-requests.ts'
import { SOURCES } from './errors/sources.ts'
import { VALUES } from './errors/values.ts'
import { WRITTEN_RECORDS } from './errors/written-records.ts'
import type { Explanation, Explanations } from './plugin/explanation.ts'

/** Codes that an operator meets in the same place. */
export interface ErrorArea {
  readonly title: string
  readonly codes: Explanations
}

/** Every error code of the gateway's own, in the order of `docs/errors.md`. Codes of plugins come with the plugin. */
export const ERROR_AREAS: readonly ErrorArea[] = [
  { title: 'Environment and keys', codes: ENVIRONMENT },
  { title: 'Database', codes: DATABASE },
  { title: 'Configuration: files and their form', codes: CONFIGURATION_FILES },
  { title: 'Configuration: Flow JSON', codes: FLOW_JSON },
  { title: 'Configuration: flows and their tests', codes: CONFIGURED_FLOWS },
  { title: 'Configuration: mappings', codes: MAPPINGS },
  { title: 'Configuration: mappings beside the CRM', codes: LIVE_CHECK },
  { title: 'Values, conditions and transforms', codes: VALUES },
  { title: 'Deliveries and destinations', codes: DELIVERIES },
  { title: 'Records written by policy', codes: WRITTEN_RECORDS },
  { title: 'Sources', codes: SOURCES },
  { title: 'What plugins reach', codes: OUTGOING_REQUESTS },
  { title: 'Tokens and the API', codes: API },
  { title: 'Commands', codes: COMMANDS },
]

/** What one of the gateway's own codes means; `undefined` for any other text. */
export function explanationOf(code: string): Explanation | undefined {
  return ERROR_AREAS.find(({ codes }) => Object.hasOwn(codes, code))?.codes[code]
}
