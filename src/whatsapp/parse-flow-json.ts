import type { Path, Report } from '../config/issue.ts'
import type { Json, JsonObject } from '../plugin/json.ts'
import type { FlowJson, FlowJsonScreen } from './flow-json.ts'
import { isObject, itemsOf } from './json-shape.ts'
import { type ParsedScreen, parseScreen } from './parse-screen.ts'
import { entryScreensOf, parseRouting, RESERVED_SCREEN, type Routing } from './routing.ts'
import { DATA_API_VERSIONS, FROZEN_VERSIONS, PUBLISHABLE_VERSIONS } from './versions.ts'

/**
 * Reads a Flow JSON and reports, by path inside it, whatever Meta would refuse or the gateway cannot work with. Never
 * throws; after an error the result is only good for finding more errors.
 */
export function parseFlowJson(json: Json, report: Report): FlowJson {
  const problem = (path: Path, message: string, code = 'FG_CONFIG_FLOW_JSON_SHAPE', atKey = false): void =>
    report({ severity: 'error', path, code, message, atKey })
  if (!isObject(json)) {
    problem([], 'a Flow JSON must be an object')
    return { version: '', dataApiVersion: undefined, screens: new Map(), entryScreens: new Set(), routing: new Map() }
  }
  const version = readVersion(json['version'], report)
  const parsed = readScreens(json['screens'], version, problem, report)
  const screens = new Map<string, FlowJsonScreen>(parsed.map(({ screen }) => [screen.id, screen]))
  const dataApiVersion = readEndpoint(json, parsed, report)
  const model = json['routing_model']
  const byId = new Map(parsed.map((one) => [one.screen.id, one]))
  const routing = model === undefined ? undefined : parseRouting(model, byId, report)
  checkNavigations(parsed, screens, routing, problem)
  if (screens.size > 0 && ![...screens.values()].some(({ terminal }) => terminal)) {
    problem(['screens'], 'no screen is terminal: mark the last one with "terminal": true', undefined, true)
  }
  return {
    version,
    dataApiVersion,
    screens,
    entryScreens: entryScreensOf(routing, screens.keys()),
    routing: routing ?? new Map(),
  }
}

type Problem = (path: Path, message: string, code?: string, atKey?: boolean) => void

function readVersion(version: Json | undefined, report: Report): string {
  const code = 'FG_CONFIG_FLOW_JSON_VERSION'
  const best = PUBLISHABLE_VERSIONS.at(-1)
  if (typeof version !== 'string' || !/^\d+\.\d+$/u.test(version)) {
    const path = version === undefined ? [] : ['version']
    report({ severity: 'error', path, code, message: `a Flow JSON needs a version such as "${best}"` })
    return ''
  }
  if (FROZEN_VERSIONS.includes(version)) {
    const message = `Meta no longer publishes version ${version}: such a flow keeps running, a new one needs ${best}`
    report({ severity: 'advice', path: ['version'], code, message })
  } else if (!PUBLISHABLE_VERSIONS.includes(version)) {
    const message = `version ${version} is not one this gateway knows (${PUBLISHABLE_VERSIONS.join(', ')}): it is read as the latest`
    report({ severity: 'advice', path: ['version'], code, message })
  }
  return version
}

function readScreens(screens: Json | undefined, version: string, problem: Problem, report: Report): ParsedScreen[] {
  if (!Array.isArray(screens) || screens.length === 0) {
    problem(screens === undefined ? [] : ['screens'], 'a Flow JSON needs a list of screens')
  }
  const parsed = new Map<string, ParsedScreen>()
  for (const [index, node] of itemsOf(screens)) {
    const path = ['screens', index]
    const id = isObject(node) ? node['id'] : undefined
    if (!isObject(node) || typeof id !== 'string') {
      problem(path, 'a screen needs an id')
      continue
    }
    const wrong = idFault(id, parsed)
    if (wrong !== undefined) problem([...path, 'id'], wrong, 'FG_CONFIG_FLOW_JSON_SCREEN_ID')
    if (!parsed.has(id)) parsed.set(id, parseScreen(node, id, path, version, report))
  }
  return [...parsed.values()]
}

function idFault(id: string, parsed: ReadonlyMap<string, ParsedScreen>): string | undefined {
  if (id === RESERVED_SCREEN) return `\`${RESERVED_SCREEN}\` is reserved: give the screen another id`
  if (!/^[A-Za-z_]+$/u.test(id)) return `screen id \`${id}\` may hold only letters and underscores`
  return parsed.has(id) ? `two screens have the id \`${id}\`` : undefined
}

/** A flow with an endpoint must say which data API it speaks and how its screens follow each other. */
function readEndpoint(json: JsonObject, parsed: readonly ParsedScreen[], report: Report): string | undefined {
  const code = 'FG_CONFIG_FLOW_JSON_ENDPOINT'
  const dataApiVersion = json['data_api_version']
  const asks = parsed.find(({ screen }) => screen.asksEndpoint)?.screen
  for (const key of asks === undefined ? [] : ['data_api_version', 'routing_model']) {
    if (json[key] !== undefined) continue
    const message = `screen ${asks?.id} asks the endpoint, so the Flow JSON needs \`${key}\``
    report({ severity: 'error', path: [], code, message })
  }
  if (dataApiVersion === undefined) return undefined
  if (typeof dataApiVersion === 'string' && DATA_API_VERSIONS.includes(dataApiVersion)) return dataApiVersion
  const message = `data_api_version must be one of ${DATA_API_VERSIONS.map((known) => `"${known}"`).join(', ')}`
  report({ severity: 'error', path: ['data_api_version'], code, message })
  return undefined
}

function checkNavigations(
  parsed: readonly ParsedScreen[],
  screens: ReadonlyMap<string, FlowJsonScreen>,
  routing: Routing | undefined,
  problem: Problem,
): void {
  for (const { screen, navigations } of parsed) {
    for (const { to, path } of navigations) {
      const code = 'FG_CONFIG_FLOW_JSON_ROUTING'
      if (!screens.has(to)) problem(path, `screen \`${screen.id}\` navigates to \`${to}\`, which does not exist`, code)
      // Back along an edge is implied (Meta, "Flow JSON", routing model).
      else if (routing !== undefined && !routing.get(screen.id)?.has(to) && !routing.get(to)?.has(screen.id)) {
        problem(
          path,
          `screen \`${screen.id}\` navigates to \`${to}\`, but routing_model has no edge from \`${screen.id}\` to \`${to}\``,
          code,
        )
      }
    }
  }
}
