import type { NotificationFile } from '../../config/schema/notification.ts'
import type { RecordFile } from '../../config/schema/record.ts'
import type { RawValue } from '../../config/schema/value.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'
import type { Draft } from './draft.ts'
import type { DraftField } from './draft-fields.ts'
import { takesFiles, writtenOptions } from './input-field.ts'
import { labelOf } from './label.ts'
import type { WalkStep } from './walk-through.ts'
import type { Page, Remark } from './yaml-page.ts'

/** Where records and notifications of a new flow go; absent where there is no such destination. */
export interface Targets {
  readonly crm: string | undefined
  readonly notification: string | undefined
}

/** A mapping in the making. */
export interface DraftMapping {
  readonly page: Page
  /** What is certain of the answers of a walk that submits the form: record id → fields. */
  expected(walk: readonly WalkStep[]): JsonObject
}

/** Drafts what a finished form becomes: a contact found by its e-mail address, and a message with all answers. */
export function draftMapping(draft: Draft, title: string, targets: Targets): DraftMapping {
  const fields = answeredFields(draft)
  const contact = targets.crm === undefined ? undefined : contactOf(fields, targets.crm, draft)
  const all = draft.screens.flatMap((screen) => screen.fields)
  const told =
    targets.notification === undefined ? undefined : messageOf(fields, all, title, targets.notification, contact)
  const personal = fields.filter(isPersonal).map(({ name }) => name)
  return {
    page: {
      head: ['What a finished form becomes: docs/reference/values.md says everything that can stand here.'],
      content: {
        identity: ['user_id', 'phone', 'email'],
        personal,
        records: listOf(contact),
        notifications: listOf(told),
      },
      remarks: [
        { path: ['personal'], text: personal.length === 0 ? NOTHING_PERSONAL : PERSONAL, above: true },
        ...remarksOnRecords(contact, fields),
        ...(told === undefined ? [{ path: ['notifications'], text: MESSAGE_EXAMPLE, above: true }] : []),
      ],
    },
    expected: (walk) => expectedOf(contact, walk),
  }
}

/** Every field a person answers, once. */
function answeredFields({ screens }: Draft): readonly DraftField[] {
  const fields = new Map<string, DraftField>()
  for (const field of screens.flatMap((screen) => screen.fields)) {
    const known = fields.get(field.name)
    if (field.constants.length === 1 || known?.input !== undefined) continue
    if (known === undefined || field.input !== undefined) fields.set(field.name, field)
  }
  return [...fields.values()]
}

function listOf(item: RecordFile | NotificationFile | undefined): Json {
  return item === undefined ? [] : [item as unknown as JsonObject]
}

/** Free text may say anything of a person; so may files. */
function isPersonal({ name, settings, input, typed }: DraftField): boolean {
  if (!typed) return false
  if (['text', 'email', 'phone'].includes(settings.type) || input?.inputs.some(takesFiles)) return true
  return settings.type === 'date' && /birth|born|dob/iu.test(name)
}

/** The parts of a contact, by what fields are usually called. Names on the left are HubSpot's. */
const PARTS: readonly { readonly property: string; readonly names: RegExp; readonly apply?: readonly string[] }[] = [
  { property: 'firstname', names: /^(?:first_?name|given_?name)$/iu, apply: ['squeeze'] },
  { property: 'lastname', names: /^(?:last_?name|surname|family_?name)$/iu, apply: ['squeeze'] },
  { property: 'company', names: /^(?:company|company_?name|organi[sz]ation)$/iu, apply: ['squeeze'] },
]

const WHOLE_NAME = /^(?:full_?name|name|your_?name)$/iu

function contactOf(fields: readonly DraftField[], crm: string, draft: Draft): RecordFile | undefined {
  const email = fields.find(({ settings }) => settings.type === 'email')
  if (email === undefined) return undefined
  const whole = fields.find(({ name, settings }) => settings.type === 'text' && WHOLE_NAME.test(name))
  const phone = fields.find(({ settings }) => settings.type === 'phone')
  const parts = PARTS.flatMap(({ property, names, apply }) => {
    const field = fields.find(({ name, settings }) => settings.type === 'text' && names.test(name))
    return field === undefined ? [] : [[property, from(field, apply)] as const]
  })
  const values: Record<string, RawValue> = { email: from(email, ['trim', 'lower']) }
  if (whole !== undefined) {
    values['firstname'] = from(whole, ['squeeze', 'first_word'])
    values['lastname'] = from(whole, ['squeeze', 'after_first_word'])
  }
  Object.assign(values, Object.fromEntries(parts))
  values['phone'] =
    phone === undefined ? { from: 'person.phone' } : { first_of: ['person.phone', `form.${phone.name}`] }
  return {
    id: 'contact',
    to: crm,
    object: 'contacts',
    operation: 'upsert',
    match: 'email',
    ...(isCertain(email, draft) ? {} : { when: { [`form.${email.name}`]: { exists: true } } }),
    fields: values,
  }
}

/** Whether nobody submits the form without this answer: every screen of that name wants it, and one of them is on every way. */
function isCertain({ name }: DraftField, { screens, unavoidable }: Draft): boolean {
  const all = screens.flatMap(({ id, fields }) =>
    fields.flatMap((field) => (field.name === name ? [{ id, field }] : [])),
  )
  return all.every(({ field }) => field.settings.required === true) && all.some(({ id }) => unavoidable.has(id))
}

function from({ name }: DraftField, apply: readonly string[] = []): RawValue {
  return { from: `form.${name}`, ...(apply.length === 0 ? {} : { apply }) }
}

function messageOf(
  fields: readonly DraftField[],
  all: readonly DraftField[],
  title: string,
  notification: string,
  contact: RecordFile | undefined,
): NotificationFile {
  const who =
    fields.find(({ name, settings }) => settings.type === 'text' && /name/iu.test(name)) ?? fields.find(isEmail)
  const facts = new Map<string, RawValue>()
  for (const field of fields) {
    const fact = isOfOneKind(field, all) ? factOf(field) : { from: `form.${field.name}` }
    if (fact === undefined) continue
    const label = labelOf(field)
    facts.set(facts.has(label) ? `${label} (${field.name})` : label, fact)
  }
  return {
    id: 'tell',
    to: notification,
    ...(contact === undefined ? {} : { after: [contact.id] }),
    title: `${title.replaceAll(/[{}]/gu, '')}${who === undefined ? '' : `: {form.${who.name}}`}`,
    ...(facts.size === 0 ? {} : { facts: Object.fromEntries(facts) }),
    ...(contact === undefined ? {} : { link: { label: 'Open the contact', url: `{records.${contact.id}.url}` } }),
  }
}

function isEmail({ settings }: DraftField): boolean {
  return settings.type === 'email'
}

/** Whether every screen that has this field takes the same answers: else no table has words for all of them. */
function isOfOneKind({ name, settings: { type, of } }: DraftField, all: readonly DraftField[]): boolean {
  const kind = JSON.stringify([type, of])
  return all.every((other) => other.name !== name || JSON.stringify([other.settings.type, other.settings.of]) === kind)
}

/** An answer in words a colleague reads; files have none. */
function factOf(field: DraftField): RawValue | undefined {
  const { name, settings, input } = field
  if (settings.type === 'boolean') return { from: `form.${name}`, lookup: { true: 'Yes', false: 'No' } }
  if (settings.type === 'json') {
    const isRange = input?.inputs.some(({ type }) => type === 'CalendarPicker') === true
    return isRange ? { template: `{form.${name}.start-date} to {form.${name}.end-date}` } : undefined
  }
  const titles = new Map(input?.inputs.flatMap(({ node }) => [...(writtenOptions(node) ?? [])]))
  const options = (settings.of ?? []).map(String)
  const spoken = options.length > 0 && options.every((option) => titles.has(option))
  if (!spoken || options.every((option) => titles.get(option) === option)) return { from: `form.${name}` }
  return {
    from: `form.${name}`,
    lookup: Object.fromEntries(options.map((option) => [option, titles.get(option) ?? ''])),
  }
}

const PERSONAL = 'masked in logs and alerts: take out what says nothing about a person'
const NOTHING_PERSONAL = 'fields that say something about a person: they are masked in logs and alerts'

const VENDOR = 'object, match and the names on the left are as HubSpot spells them: another CRM has its own'

const RECORD_EXAMPLE = `what is written into a CRM of destinations.yaml, for example:
  - id: contact
    to: hubspot
    object: contacts
    operation: upsert
    match: email
    fields:
      email: { from: form.email, apply: [trim, lower] }`

const MESSAGE_EXAMPLE = `what people are told by a destination of destinations.yaml, for example:
  - id: tell
    to: slack-sales
    title: "New: {flow.title}"`

function remarksOnRecords(contact: RecordFile | undefined, fields: readonly DraftField[]): readonly Remark[] {
  if (contact === undefined) return [{ path: ['records'], text: RECORD_EXAMPLE, above: true }]
  const written = JSON.stringify(contact.fields)
  const rest = fields.filter(({ name }) => !written.includes(`"form.${name}"`)).map(({ name }) => name)
  const unwritten = `these answers are not written yet, for want of a property of yours: ${rest.join(', ')}`
  return [{ path: ['records'], text: rest.length === 0 ? VENDOR : `${VENDOR}\n${unwritten}`, above: true }]
}

/** The address that finds the contact. */
function expectedOf(contact: RecordFile | undefined, walk: readonly WalkStep[]): JsonObject {
  const email = contact?.fields['email'] as { readonly from?: string } | undefined
  const name = email?.from?.slice('form.'.length) ?? ''
  const answer = walk.flatMap(({ fill }) => fill?.[name] ?? []).at(-1)
  if (contact === undefined || typeof answer !== 'string') return {}
  return { [contact.id]: { email: answer.trim().toLowerCase() } }
}
