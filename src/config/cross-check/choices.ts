import { didYouMean } from '../../value/nearest.ts'
import { asText } from '../../value/text.ts'
import type { Path, Report } from '../issue.ts'
import type { FieldFile } from '../schema/flow.ts'
import { notificationsIn, recordsIn } from './mapping-items.ts'
import type { FlowParts, MappingParts } from './parts.ts'

/** Compares what a choice may be (`of`) with the tables that look it up and with the options its screen offers. */
export function adviseOnChoices(parts: FlowParts, mapping: MappingParts | undefined): void {
  const { file, flow, report } = parts
  const choices = choicesOf(parts)
  adviseOnLookups(file.answer, ['answer'], choices, report)
  for (const [id, { data, fields = {} }] of Object.entries(file.screens)) {
    adviseOnLookups(data, ['screens', id, 'data'], choices, report)
    for (const [key, input] of flow.flowJson.screens.get(id)?.listInputs ?? []) {
      const options = Object.hasOwn(fields, input) ? optionsOf(fields[input]) : undefined
      if (options !== undefined) adviseOnOffer(data?.[key], ['screens', id, 'data', key], input, options, report)
    }
  }
  if (mapping === undefined) return
  for (const { raw, at } of recordsIn(mapping.file)) {
    adviseOnLookups(raw.fields, [...at, 'fields'], choices, mapping.report)
  }
  for (const { raw, at } of notificationsIn(mapping.file)) {
    adviseOnLookups(raw.facts, [...at, 'facts'], choices, mapping.report)
  }
}

/** What each field may hold, as text; without fields of which some screen takes anything. */
function choicesOf({ file }: FlowParts): ReadonlyMap<string, readonly string[]> {
  const choices = new Map<string, readonly string[]>()
  const open = new Set<string>()
  for (const { fields = {} } of Object.values(file.screens)) {
    for (const [name, field] of Object.entries(fields)) {
      const options = optionsOf(field)
      if (options === undefined) open.add(name)
      else choices.set(name, [...(choices.get(name) ?? []), ...options])
    }
  }
  return new Map([...choices].filter(([name]) => !open.has(name)))
}

function optionsOf(field: FieldFile | undefined): readonly string[] | undefined {
  return field?.type === 'choice' || field?.type === 'choices' ? field.of?.map(asText) : undefined
}

/** Every `{ from: form.<choice>, lookup: … }` inside `raw`. With `apply` nobody knows what is looked up. */
function adviseOnLookups(
  raw: unknown,
  at: Path,
  choices: ReadonlyMap<string, readonly string[]>,
  report: Report,
): void {
  if (typeof raw !== 'object' || raw === null) return
  if ('from' in raw && 'lookup' in raw && typeof raw.from === 'string' && !('apply' in raw)) {
    const name = raw.from.startsWith('form.') ? raw.from.slice('form.'.length) : ''
    const options = choices.get(name)
    const table = typeof raw.lookup === 'object' && raw.lookup !== null ? raw.lookup : {}
    for (const key of options === undefined ? [] : Object.keys(table)) {
      if (options?.includes(key)) continue
      const hint = didYouMean(key, options ?? [])
      const message = `\`${key}\` is never looked up: field \`${name}\` may only be ${options?.join(', ')}${hint}`
      const path = [...at, 'lookup', key]
      report({ severity: 'advice', path, code: 'FG_CONFIG_LOOKUP_UNUSED', message, atKey: true })
    }
    return
  }
  for (const [key, member] of Object.entries(raw)) {
    adviseOnLookups(member, [...at, Array.isArray(raw) ? Number(key) : key], choices, report)
  }
}

/** Options written out in `data`: one that the field does not take is refused from whoever chooses it. */
function adviseOnOffer(raw: unknown, at: Path, field: string, options: readonly string[], report: Report): void {
  for (const [index, item] of (Array.isArray(raw) ? raw : []).entries()) {
    const id: unknown = typeof item === 'object' && item !== null ? Reflect.get(item, 'id') : undefined
    if ((typeof id !== 'string' && typeof id !== 'number') || options.includes(String(id))) continue
    const message = `the option \`${id}\` is refused from whoever chooses it: field \`${field}\` may only be ${options.join(', ')}${didYouMean(String(id), options)}`
    report({ severity: 'advice', path: [...at, index, 'id'], code: 'FG_CONFIG_OPTION_REFUSED', message })
  }
}
