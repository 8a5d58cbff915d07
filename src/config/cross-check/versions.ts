import type { Json, JsonObject } from '../../plugin/json.ts'
import { asText } from '../../value/text.ts'
import type { Exchange, FlowJsonScreen } from '../../whatsapp/flow-json.ts'
import type { Issue, Path } from '../issue.ts'
import type { LoadedVersion } from '../load-flow.ts'
import { reportIn } from '../report-in.ts'
import { startsOf } from './screens.ts'

type AddIssue = (issue: Issue) => void

/**
 * Compares the live versions of one flow, the newest last. Until something tells which of them a phone has, one answer
 * must be right in all.
 */
export function checkVersions(versions: readonly LoadedVersion[], add: AddIssue): void {
  for (const version of versions) checkSentVersion(version, add)
  const newest = versions.at(-1)
  if (newest === undefined || versions.length === 1) return
  checkNames(versions, add)
  const { firstScreen, opensAt } = newest.configured.flow
  for (const older of versions.slice(0, -1)) {
    if (checkOpening(older, newest, add)) checkData(older, newest, firstScreen, add)
    for (const screen of new Set(opensAt.map((opening) => opening.screen))) checkData(older, newest, screen, add)
  }
  for (const version of versions) adviseOnSilence(version, add)
}

function checkNames(versions: readonly LoadedVersion[], add: AddIssue): void {
  const seen = new Map<string, LoadedVersion>()
  for (const version of versions) {
    const { name, version: named } = version.configured.flow
    const first = seen.get(named)
    seen.set(named, first ?? version)
    if (first === undefined || version.files.flow === undefined) continue
    const message = `version \`${named}\` of the flow \`${name}\` is in ${first.files.flow?.file} as well: name one of them differently`
    const report = reportIn(version.files.flow, add)
    report({ severity: 'error', path: ['version'], code: 'FG_CONFIG_VERSION_TWICE', message })
  }
}

/** Whether both open at the same screen. */
function checkOpening(older: LoadedVersion, newest: LoadedVersion, add: AddIssue): boolean {
  const [one, other] = [older.configured.flow, newest.configured.flow]
  if (one.firstScreen === other.firstScreen || older.files.flow === undefined) return true
  const message = `version \`${one.version}\` opens at \`${one.firstScreen}\`, but version \`${other.version}\` at \`${other.firstScreen}\` (${other.place(['first_screen'])}): ${WHY}`
  const report = reportIn(older.files.flow, add)
  report({ severity: 'error', path: ['first_screen'], code: 'FG_CONFIG_VERSIONS_DIFFER', message })
  return false
}

const WHY = 'a flow is opened before it is known which version the phone has, so one answer must fit both'

function checkData(older: LoadedVersion, newest: LoadedVersion, screen: string, add: AddIssue): void {
  const [one, other] = [declaredIn(older, screen), declaredIn(newest, screen)]
  if (other === undefined || older.files.flowJson === undefined) return
  const report = reportIn(older.files.flowJson, add)
  if (one === undefined) {
    // Without its first screen a version is no good in itself, and that is told.
    if (screen === newest.configured.flow.firstScreen) return
    const message = `there is no screen \`${screen}\` here, and version \`${newest.configured.flow.version}\` may open at it: ${WHY}`
    report({ severity: 'error', path: ['screens'], code: 'FG_CONFIG_VERSIONS_DIFFER', message, atKey: true })
    return
  }
  const there = newest.files.flowJson?.file ?? ''
  for (const key of new Set([...Object.keys(one.data), ...Object.keys(other.data)])) {
    const [here, schema] = [one.data[key], other.data[key]]
    if (here !== undefined && schema !== undefined && shapeOf(here) === shapeOf(schema)) continue
    const difference =
      here === undefined
        ? `is declared in ${there} and not here`
        : schema === undefined
          ? `is declared here and not in ${there}`
          : `is declared as ${shapeOf(here)} here and as ${shapeOf(schema)} in ${there}`
    const message = `data key \`${key}\` of screen \`${screen}\` ${difference}: ${WHY}`
    const path: Path = ['screens', one.index, 'data', ...(here === undefined ? [] : [key])]
    report({ severity: 'error', path, code: 'FG_CONFIG_VERSIONS_DIFFER', message, atKey: true })
  }
}

/** What a screen of a version declares, as its Flow JSON has it. */
function declaredIn({ files }: LoadedVersion, id: string): { data: JsonObject; index: number } | undefined {
  const screens = memberOf((files.flowJson?.data ?? null) as Json, 'screens')
  if (!Array.isArray(screens)) return undefined
  const index = screens.findIndex((screen) => memberOf(screen, 'id') === id)
  const data = memberOf(screens[index] ?? null, 'data')
  return index === -1 ? undefined : { data: isObject(data) ? data : {}, index }
}

function memberOf(value: Json, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The part of a declared schema that an answer is held to, in words: `array of { id: string, title: string }`. */
function shapeOf(schema: Json): string {
  if (!isObject(schema)) return 'anything'
  const { type, items, properties } = schema
  if (items !== undefined) return `${asText(type ?? '')} of ${shapeOf(items)}`
  if (!isObject(properties)) return asText(type ?? 'anything')
  const members = Object.keys(properties)
    .sort()
    .map((key) => `${key}: ${shapeOf(properties[key] ?? null)}`)
  return `{ ${members.join(', ')} }`
}

/** A version that a Flow JSON writes out must be the one it belongs to: else its phones are taken for others. */
function checkSentVersion({ configured: { flow }, files }: LoadedVersion, add: AddIssue): void {
  if (files.flowJson === undefined) return
  const report = reportIn(files.flowJson, add)
  for (const { payload, path } of exchangesOf(flow.flowJson.screens.values())) {
    const sent = Object.hasOwn(payload, flow.versionKey) ? payload[flow.versionKey] : undefined
    if (sent === undefined || sent === null || asText(sent) === flow.version || asText(sent).includes('${')) continue
    const message = `\`${flow.versionKey}\` says version \`${asText(sent)}\`, but this is the Flow JSON of version \`${flow.version}\``
    report({ severity: 'error', path: [...path, flow.versionKey], code: 'FG_CONFIG_VERSION_SENT', message })
  }
}

/** Beside others, a version whose phones never say which one they have is only found by its token. */
function adviseOnSilence({ configured: { flow }, files, parts }: LoadedVersion, add: AddIssue): void {
  const opening = startsOf(parts).flatMap((id) => flow.flowJson.screens.get(id) ?? [])
  const first = opening.some(({ asksEndpoint }) => asksEndpoint) ? opening : flow.flowJson.screens.values()
  const exchanges = exchangesOf(first)
  const silent = exchanges.filter(({ payload }) => !Object.hasOwn(payload, flow.versionKey))
  if (silent.length === 0 || files.flowJson === undefined) return
  const message = `this payload does not say which version the phone has: add "${flow.versionKey}": "${flow.version}", or name the version when the token is minted`
  const report = reportIn(files.flowJson, add)
  report({ severity: 'advice', path: silent[0]?.path ?? [], code: 'FG_CONFIG_VERSION_UNSENT', message, atKey: true })
}

function exchangesOf(screens: Iterable<FlowJsonScreen>): readonly Exchange[] {
  return [...screens].flatMap(({ exchanges }) => exchanges)
}
