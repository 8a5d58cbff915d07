import type { CrmField, CrmObject } from '../../plugin/crm-object.ts'
import { didYouMean } from '../../value/nearest.ts'
import { writingOf } from '../../value/writing.ts'
import type { Path, Report } from '../issue.ts'
import type { RecordFile } from '../schema/record.ts'
import { type Constant, constantsIn } from './constants.ts'

/** Compares one record of a mapping with the kinds of records that its CRM has now. */
export function checkLiveRecord(raw: RecordFile, at: Path, objects: readonly CrmObject[], report: Report): void {
  const error = (path: Path, code: string, message: string, atKey = false): void =>
    report({ severity: 'error', path: [...at, ...path], code, message, atKey })
  const object = objects.find(({ name }) => name === raw.object)
  if (object === undefined) {
    const hint = didYouMean(
      raw.object,
      objects.map(({ name }) => name),
    )
    error(['object'], 'FG_CONFIG_LIVE_OBJECT', `\`${raw.to}\` has no kind of record \`${raw.object}\`${hint}`)
    return
  }
  const known = new Map(object.fields.map((field) => [field.name, field]))
  for (const [name, value] of Object.entries(raw.fields)) {
    const field = known.get(name)
    if (field === undefined) {
      // What finds a record by the vendor's own id is no field of it.
      if (name === 'id' && raw.match === 'id') continue
      const hint = didYouMean(name, known.keys())
      error(['fields', name], 'FG_CONFIG_LIVE_FIELD', `\`${raw.object}\` has no field \`${name}\`${hint}`, true)
      continue
    }
    if (writingOf(value).policy === 'never') continue
    if (!field.writable) {
      const message = `\`${name}\` of \`${raw.object}\` cannot be written with these credentials, or by nobody`
      error(['fields', name], 'FG_CONFIG_LIVE_READ_ONLY', message, true)
      continue
    }
    for (const constant of constantsIn(value, ['fields', name])) {
      const fault = faultOf(constant, field)
      if (fault !== undefined) error(constant.path, ...fault)
    }
  }
  checkRequired(raw, object, at, report)
}

function faultOf({ value }: Constant, field: CrmField): readonly [code: string, message: string] | undefined {
  const text = String(value)
  const { name, options, maxLength } = field
  if (options !== undefined) {
    // Several choices are one text, by the custom of more than one vendor.
    const chosen = field.type === 'choices' ? text.split(';') : [text]
    const stranger = chosen.find((one) => !options.some((option) => option.value === one))
    if (stranger === undefined) return undefined
    const labelled = options.find(({ label }) => label.toLowerCase() === stranger.toLowerCase())
    const values = options.map((option) => option.value)
    const hint =
      labelled === undefined
        ? didYouMean(stranger, values) || `: there is ${shortList(values)}`
        : `: that is a label, its value is \`${labelled.value}\``
    return ['FG_CONFIG_LIVE_OPTION', `\`${stranger}\` is no choice of \`${name}\`${hint}`]
  }
  if (maxLength === undefined || Array.from(text).length <= maxLength) return undefined
  const message = `this text has ${Array.from(text).length} characters, and \`${name}\` takes ${maxLength} at most`
  return ['FG_CONFIG_LIVE_LENGTH', message]
}

function shortList(values: readonly string[]): string {
  const shown = values.slice(0, 10).join(', ')
  return values.length > 10 ? `${shown} and ${values.length - 10} more` : shown
}

/** A record that is found is not created, so for an upsert what is missing may never matter. */
function checkRequired(raw: RecordFile, object: CrmObject, at: Path, report: Report): void {
  const written = new Set(
    Object.entries(raw.fields).flatMap(([name, value]) => (writingOf(value).policy === 'never' ? [] : [name])),
  )
  const links = raw.links ?? []
  const missing = object.fields.filter(({ name, required, writable, type }) => {
    // What a record belongs to is told by its links.
    return required && writable && !written.has(name) && !(type === 'reference' && links.length > 0)
  })
  if (missing.length === 0) return
  const severity = raw.operation === 'create' ? 'error' : 'advice'
  const names = missing.map(({ name }) => `\`${name}\``).join(', ')
  const message = `a new record of \`${raw.object}\` needs ${names}, which nothing here writes`
  report({ severity, path: [...at, 'fields'], code: 'FG_CONFIG_LIVE_REQUIRED', message, atKey: true })
}
