import { didYouMean } from '../../value/nearest.ts'
import type { Path, Report } from '../issue.ts'
import type { FlowParts, MappingParts } from './parts.ts'

/** A compiled value, condition or template together with what the operator wrote and where. */
interface Written {
  readonly paths: readonly string[]
  readonly raw: unknown
  readonly at: Path
}

/** Every `form.…` in `flow.yaml` and `mapping.yaml` must name a field of some screen: else it is absent for everyone. */
export function checkReferences(parts: FlowParts, mapping: MappingParts | undefined): void {
  const fields = fieldNames(parts)
  for (const written of inFlow(parts)) checkForm(written, fields, parts.report)
  if (mapping !== undefined) for (const written of inMapping(mapping)) checkForm(written, fields, mapping.report)
}

/** The fields of all screens. */
export function fieldNames({ file }: Pick<FlowParts, 'file'>): ReadonlySet<string> {
  return new Set(Object.values(file.screens).flatMap(({ fields }) => Object.keys(fields ?? {})))
}

function checkForm({ paths, raw, at }: Written, fields: ReadonlySet<string>, report: Report): void {
  for (const path of paths) {
    const [root, name] = path.split('.')
    if (root !== 'form' || name === undefined || fields.has(name)) continue
    const message = `\`${path}\` names a field that no screen has${didYouMean(name, fields)}`
    report({ severity: 'error', code: 'FG_CONFIG_FIELD_UNKNOWN', message, ...placeOf(path, raw, at) })
  }
}

function* inFlow({ file, flow }: FlowParts): Generator<Written> {
  for (const [key, { paths }] of flow.answer) yield { paths, raw: file.answer?.[key], at: ['answer', key] }
  for (const [id, screen] of flow.screens) {
    const raw = file.screens[id]
    for (const [key, { paths }] of screen.data) yield { paths, raw: raw?.data?.[key], at: ['screens', id, 'data', key] }
    for (const [index, { when }] of screen.next.entries()) {
      if (when === undefined) continue
      yield { paths: when.paths, raw: raw?.next?.[index]?.when, at: ['screens', id, 'next', index, 'when'] }
    }
  }
}

function* inMapping({ file, mapping }: MappingParts): Generator<Written> {
  for (const [index, raw] of (file.records ?? []).entries()) {
    const at = ['records', index]
    const record = mapping.records[index]
    if (record?.when !== undefined) yield { paths: record.when.paths, raw: raw.when, at: [...at, 'when'] }
    for (const [key, { paths }] of record?.fields ?? []) {
      yield { paths, raw: raw.fields[key], at: [...at, 'fields', key] }
    }
  }
  for (const [index, raw] of (file.notifications ?? []).entries()) {
    const at = ['notifications', index]
    const notification = mapping.notifications[index]
    if (notification === undefined) continue
    const { when, title, text, facts, link } = notification
    if (when !== undefined) yield { paths: when.paths, raw: raw.when, at: [...at, 'when'] }
    yield { paths: title.paths, raw: raw.title, at: [...at, 'title'] }
    if (text !== undefined) yield { paths: text.paths, raw: raw.text, at: [...at, 'text'] }
    for (const { label, value } of facts) {
      yield { paths: value.paths, raw: raw.facts?.[label], at: [...at, 'facts', label] }
    }
    if (link !== undefined) yield { paths: link.url.paths, raw: raw.link?.url, at: [...at, 'link', 'url'] }
  }
}

/** Parts of a directive that hold constants, where a text that looks like a path is none. */
const CONSTANTS = new Set(['value', 'lookup', 'default'])

/** The narrowest place inside `raw` that mentions the path: a key of a condition, a `from`, else a template or expression. */
function placeOf(reference: string, raw: unknown, at: Path): { readonly path: Path; readonly atKey?: boolean } {
  return (
    find(raw, at, (text) => text === reference) ?? find(raw, at, (text) => mentions(text, reference)) ?? { path: at }
  )
}

function find(
  raw: unknown,
  at: Path,
  matches: (text: string) => boolean,
): { readonly path: Path; readonly atKey?: boolean } | undefined {
  if (typeof raw === 'string') return matches(raw) ? { path: at } : undefined
  if (typeof raw !== 'object' || raw === null) return undefined
  for (const [key, member] of Object.entries(raw)) {
    const here = [...at, Array.isArray(raw) ? Number(key) : key]
    if (!Array.isArray(raw) && matches(key)) return { path: here, atKey: true }
    const found = CONSTANTS.has(key) ? undefined : find(member, here, matches)
    if (found !== undefined) return found
  }
  return undefined
}

function mentions(text: string, reference: string): boolean {
  const start = text.indexOf(reference)
  return start !== -1 && !/[\w-]/u.test(text.charAt(start + reference.length))
}
