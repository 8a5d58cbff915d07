import type { AttachedFile, CrmRecord, Message } from '../plugin/index.ts'
import type { Json, JsonObject } from '../plugin/json.ts'
import type { Scope } from '../value/scope.ts'
import type { Mapping } from './model.ts'
import { maskWhole, personalWords } from './personal-words.ts'

type PersonalScope = Pick<Scope, 'form' | 'person'>

/**
 * A copy of what was handed to a plugin, fit to be kept and shown. Fields that refer to a personal answer or to `person`
 * are masked whole; everywhere else every occurrence of such an answer is masked.
 */
export function maskInput<Input extends CrmRecord | Message>(
  input: Input,
  mapping: Pick<Mapping, 'personal' | 'records'>,
  scope: PersonalScope,
): Input {
  const words = personalWords(answersOf(mapping.personal, scope))
  const masked = maskTexts(input as unknown as Json, words.mask) as unknown as Input
  if (!('fields' in input)) return masked
  const record = mapping.records.find(({ id }) => id === input.id)
  const fields = Object.fromEntries(
    Object.entries(input.fields).map(([name, value]) => {
      const paths = record?.fields.get(name)?.paths ?? []
      const personal = paths.some((path) => isPersonal(path, mapping.personal))
      return [name, personal ? maskEverything(value) : maskTexts(value, words.mask)]
    }),
  )
  // The vendor's object, our ids and what finds the record are the mapping's own words.
  const { id, object, match, links, existing, files } = input
  return {
    ...masked,
    id,
    object,
    ...(match === undefined ? {} : { match }),
    ...(existing === undefined ? {} : { existing }),
    ...(files === undefined ? {} : { files: files.map(maskFile) }),
    links,
    fields,
  }
}

/** What a person named a file says something of them. */
function maskFile({ name, mediaType, read }: AttachedFile): AttachedFile {
  return { name: maskWhole(name), mediaType, read }
}

function isPersonal(path: string, personal: ReadonlySet<string>): boolean {
  const [root, name] = path.split('.')
  return root === 'person' || (root === 'form' && (name === undefined || personal.has(name)))
}

function answersOf(personal: ReadonlySet<string>, { form, person }: PersonalScope): readonly string[] {
  const own = (holder: JsonObject, name: string) => (Object.hasOwn(holder, name) ? [holder[name] ?? null] : [])
  const values = [...personal].flatMap((name) => own(form, name))
  return [...values, ...Object.values(person)].flatMap(textsOf)
}

function textsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsOf)
}

function maskTexts(value: Json, mask: (text: string) => string): Json {
  if (typeof value === 'string') return mask(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => maskTexts(item, mask))
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, maskTexts(member, mask)]))
}

function maskEverything(value: Json): Json {
  if (value === null) return null
  if (typeof value !== 'object') return maskWhole(String(value))
  if (Array.isArray(value)) return value.map(maskEverything)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, maskEverything(member)]))
}
