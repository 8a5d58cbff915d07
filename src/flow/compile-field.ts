import type { Path, Report } from '../config/issue.ts'
import type { FieldFile } from '../config/schema/flow.ts'
import { compileCondition } from '../value/condition.ts'
import { compilePattern } from '../value/pattern.ts'
import { knowsCountry } from '../value/phone.ts'
import type { CompiledCondition, Root } from '../value/scope.ts'
import type { Field } from './model.ts'
import { compileWords } from './words.ts'

/** An answer under such a name would be taken for an error notification and never reach the form. */
const RESERVED: ReadonlySet<string> = new Set(['error', 'error_key'])

/** Every object has a member of this name, so an answer could not be told from none. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype))

type Setting = Exclude<keyof FieldFile, 'type' | 'required' | 'message'>

const TEXT = ['text', 'email', 'phone'] as const
const COUNTED = ['integer', 'number', 'date', 'choices'] as const

/** The types each setting means something for; `required` and `message` go with all. */
const SETTING_TYPES: Readonly<Record<Setting, readonly FieldFile['type'][]>> = {
  min: COUNTED,
  max: COUNTED,
  min_length: TEXT,
  max_length: TEXT,
  pattern: TEXT,
  of: ['choice', 'choices'],
  country: ['phone'],
}

/** Makes one field ready to check answers. A setting that its type would silently ignore is an error. */
export function compileField(name: string, settings: FieldFile, path: Path, report: Report): Field {
  if (INHERITED.has(name)) {
    const message = `\`${name}\` means something to every object: give the field another name`
    report({ severity: 'error', path, code: 'FG_CONFIG_RESERVED', message, atKey: true })
  }
  if (RESERVED.has(name)) {
    const message = `\`${name}\` in a payload is how phones report an error of ours (Meta): give the field another name`
    report({ severity: 'error', path, code: 'FG_CONFIG_RESERVED', message, atKey: true })
  }
  const problem = (key: Setting, message: string, atKey = false): void =>
    report({ severity: 'error', path: [...path, key], code: 'FG_CONFIG_FIELD_SETTING', message, atKey })
  for (const [key, types] of Object.entries(SETTING_TYPES) as [Setting, readonly string[]][]) {
    if (settings[key] === undefined || types.includes(settings.type)) continue
    problem(
      key,
      `\`${key}\` means nothing for a field of type ${settings.type}: it goes with ${types.join(', ')}`,
      true,
    )
  }
  if (COUNTED.some((type) => type === settings.type)) checkBounds(settings, problem)
  if (
    settings.min_length !== undefined &&
    settings.max_length !== undefined &&
    settings.max_length < settings.min_length
  ) {
    problem('max_length', 'max_length is below min_length: no answer fits')
  }
  if (settings.country !== undefined && !knowsCountry(settings.country)) {
    problem('country', `"${settings.country}" is not a country code: write two letters such as BR or DE (ISO 3166-1)`)
  }
  const field: Field = {
    name,
    settings,
    ...(settings.message === undefined
      ? {}
      : { message: compileWords(settings.message, [...path, 'message'], report) }),
    ...requiredOf(settings.required, [...path, 'required'], report),
  }
  if (settings.pattern === undefined) return field
  const pattern = compilePattern(settings.pattern, report, [...path, 'pattern'])
  return { ...field, matches: (text) => pattern.test(text) }
}

function checkBounds({ type, min, max }: FieldFile, problem: (key: Setting, message: string) => void): void {
  for (const [key, bound] of [
    ['min', min],
    ['max', max],
  ] as const) {
    if (bound === undefined) continue
    if (type === 'date' && !isDate(bound)) problem(key, `\`${key}\` of a date is a date such as "2026-01-31"`)
    if (type !== 'date' && typeof bound !== 'number') problem(key, `\`${key}\` of a field of type ${type} is a number`)
  }
  if (min !== undefined && max !== undefined && typeof min === typeof max && max < min) {
    problem('max', 'max is below min: no answer fits')
  }
}

function isDate(bound: string | number): boolean {
  if (typeof bound !== 'string' || !/^\d{4}-\d{2}-\d{2}$/u.test(bound)) return false
  const date = new Date(`${bound}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(bound)
}

/** Nobody is asked anything to know whether an answer is needed, so sources have no say in it. */
const REQUIRED_ROOTS: readonly Root[] = ['form', 'person', 'session']

function requiredOf(required: FieldFile['required'], path: Path, report: Report): Pick<Field, 'required'> {
  if (required === undefined || required === false) return {}
  if (required === true) return { required: ALWAYS }
  return { required: compileCondition(required, report, path, { roots: REQUIRED_ROOTS }) }
}

const ALWAYS: CompiledCondition = { paths: [], test: () => true }
