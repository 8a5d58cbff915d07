import { LANGUAGE_PATTERN } from '../config/schema/value.ts'
import { constant, type DirectivePlace, fault, type RawMembers, under } from './directive-place.ts'
import type { CompiledValue } from './scope.ts'

const LANGUAGE = new RegExp(LANGUAGE_PATTERN, 'u')
const OWN = 'session.language'

/** `by_language: { en: …, pt_BR: … }`: the value for `session.language`, found as `nearestLanguage` says. */
export function compileByLanguage(raw: RawMembers, place: DirectivePlace): CompiledValue {
  const given = raw['by_language']
  if (typeof given !== 'object' || given === null || Array.isArray(given) || Object.keys(given).length === 0) {
    fault(place, 'by_language', '`by_language` holds a value for each language: `{ en: Yes, pt_BR: Sim }`')
    return constant(undefined)
  }
  const path = under(place, 'by_language')
  const values = new Map<string, CompiledValue>()
  for (const [name, value] of Object.entries(given)) {
    if (!LANGUAGE.test(name)) {
      const message = `\`${name}\` is not a language as WhatsApp names them${languageHint(name)}`
      place.report({ severity: 'error', path: [...path, name], code: 'FG_CONFIG_VALUE', message, atKey: true })
    }
    values.set(name, place.inner(value, [...path, name]))
  }
  return {
    paths: [...new Set([OWN, ...[...values.values()].flatMap(({ paths }) => paths)])],
    evaluate: async (scope) => {
      const { session } = scope
      const language = Object.hasOwn(session, 'language') ? session['language'] : undefined
      const name = nearestLanguage(values.keys(), typeof language === 'string' ? language : undefined)
      return values.get(name ?? '')?.evaluate(scope)
    },
  }
}

/** Which of some languages to speak: the very same, else it without its country, else of another country, else the first. */
export function nearestLanguage(known: Iterable<string>, language: string | undefined): string | undefined {
  const names = [...known]
  const general = language?.split('_')[0]
  return (
    names.find((name) => name === language) ??
    names.find((name) => name === general) ??
    names.find((name) => name.split('_')[0] === general) ??
    names[0]
  )
}

function languageHint(name: string): string {
  const [general = '', country = ''] = name.split(/[-_]/u)
  const meant = country === '' ? general.toLowerCase() : `${general.toLowerCase()}_${country.toUpperCase()}`
  return LANGUAGE.test(meant) ? `: did you mean \`${meant}\`?` : ': write `en` or `pt_BR`'
}
