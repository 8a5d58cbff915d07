import type { ErrorObject } from 'ajv/dist/2020.js'
import { didYouMean } from '../value/nearest.ts'
import type { Finding, Path } from './issue.ts'
import { LANGUAGE_PATTERN, NAME_WORDS } from './schema/names.ts'

/** Where a schema error stands: keys and indexes from the root. */
export function pathOf({ instancePath }: ErrorObject): Path {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Says a schema error in an operator's words; `whole` is what the root is called. The value itself is never repeated: it may be a secret. */
export function wordsFor(error: ErrorObject, whole = 'the file'): Finding {
  const path = pathOf(error)
  const found = (code: string, message: string, at: Path = path, atKey = false): Finding => ({
    severity: 'error',
    path: at,
    code,
    message,
    ...(atKey ? { atKey } : {}),
  })
  const name = nameOf(path) ?? whole
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params['additionalProperty'])
      return found(...unknownKey(key, error), [...path, key], true)
    }
    case 'required':
      return found(
        'FG_CONFIG_KEY_MISSING',
        `the key \`${error.params['missingProperty']}\` is missing in ${name}`,
        path,
        true,
      )
    case 'type':
      return found('FG_CONFIG_TYPE', `${name} must be ${typesOf(error.params['type'])}${notThis(error)}`)
    case 'enum': {
      const allowed = (error.params['allowedValues'] as unknown[]).map(String)
      const hint = typeof error.data === 'string' ? didYouMean(error.data, allowed) : ''
      return found('FG_CONFIG_CHOICE', `${name} must be one of ${allowed.join(', ')}${hint}`)
    }
    case 'const':
      return found('FG_CONFIG_CHOICE', `${name} must be ${String(error.params['allowedValue'])}`)
    case 'pattern': {
      const words = NAME_WORDS.get(String(error.params['pattern']))
      return found('FG_CONFIG_FORM', `${name} must be ${words ?? `of the form ${error.params['pattern']}`}`)
    }
    case 'anyOf':
    case 'oneOf':
      return found('FG_CONFIG_TYPE', `${name} ${choiceWords(error)}`)
    default:
      return found('FG_CONFIG_FORM', `${name} ${limitWords(error)}`)
  }
}

/** The key a fault stands at; list items are counted from 1, as people count. */
function nameOf(path: Path): string | undefined {
  const last = path.at(-1)
  if (last === undefined) return undefined
  return /^\d+$/u.test(String(last)) && path.length > 1
    ? `item ${Number(last) + 1} of \`${path.at(-2)}\``
    : `\`${last}\``
}

function unknownKey(key: string, { parentSchema }: ErrorObject): [code: string, message: string] {
  const pattern = Object.keys(parentSchema?.['patternProperties'] ?? {})[0]
  if (pattern !== undefined) {
    const words = `\`${key}\` cannot be a name here: it must be ${NAME_WORDS.get(pattern) ?? `of the form ${pattern}`}`
    return ['FG_CONFIG_FORM', pattern === LANGUAGE_PATTERN ? `${words}${languageHint(key)}` : words]
  }
  const known = Object.keys(parentSchema?.['properties'] ?? {})
  const hint = didYouMean(key, known)
  const all = hint === '' && known.length > 0 ? `: there is ${known.join(', ')}` : ''
  return ['FG_CONFIG_KEY_UNKNOWN', `unknown key \`${key}\`${hint}${all}`]
}

/** `pt-BR` and `pt_br` are how others write `pt_BR`. */
function languageHint(key: string): string {
  const [general = '', country] = key.split(/[-_]/u)
  const meant = [general.toLowerCase(), ...(country === undefined ? [] : [country.toUpperCase()])].join('_')
  return new RegExp(LANGUAGE_PATTERN, 'u').test(meant) ? `: did you mean \`${meant}\`?` : ''
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  null: 'empty',
}

function typesOf(type: unknown): string {
  return [type]
    .flat()
    .map((name) => TYPES[String(name)] ?? String(name))
    .join(' or ')
}

function notThis({ data, params }: ErrorObject): string {
  if (data === null || data === undefined) return ', but is empty'
  const actual = Array.isArray(data) ? 'array' : typeof data
  const quotes =
    params['type'] === 'string' && (actual === 'number' || actual === 'boolean') ? ': put it in quotes' : ''
  return `, not ${TYPES[actual] ?? actual}${quotes}`
}

function choiceWords({ schema, data }: ErrorObject): string {
  const forms = Array.isArray(schema) ? (schema as Readonly<Record<string, unknown>>[]) : []
  const needs = forms.map((form) => (Array.isArray(form['required']) ? form['required'].join(' and ') : ''))
  if (needs.length > 0 && needs.every((keys) => keys !== '')) return `needs ${needs.join(', or ')}`
  const words = [...new Set(forms.map(formWords))]
  if (words.length === 0 || words.includes('')) return 'fits none of the forms that are allowed here'
  const constants = forms.flatMap((form) => (form['const'] === undefined ? [] : [String(form['const'])]))
  return `must be ${words.join(' or ')}${typeof data === 'string' ? didYouMean(data, constants) : ''}`
}

/** One form of a choice: `stale`, text, a list, `{ show: … }`. */
function formWords(form: Readonly<Record<string, unknown>>): string {
  if (form['const'] !== undefined) return String(form['const'])
  if (Array.isArray(form['required'])) return `{ ${form['required'].map((key) => `${key}: …`).join(', ')} }`
  return form['type'] === undefined ? '' : typesOf(form['type'])
}

function limitWords({ keyword, params, message }: ErrorObject): string {
  const limit = Number(params['limit'])
  switch (keyword) {
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} ${UNITS[keyword]}`
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return `must have at most ${limit} ${UNITS[keyword]}`
    case 'minimum':
      return `must be at least ${limit}`
    case 'maximum':
      return `must be at most ${limit}`
    default:
      return message ?? 'does not fit'
  }
}

const UNITS: Readonly<Record<string, string>> = {
  minLength: 'characters',
  maxLength: 'characters',
  minItems: 'items',
  maxItems: 'items',
  minProperties: 'keys',
  maxProperties: 'keys',
}
