import type { ObjectUse, Preparation } from 'flowgate/plugin'
import type { Desk } from './place.ts'
import { type Described, type DescribedField, fieldOf } from './schema.ts'
import { requireNames } from './soql.ts'

/**
 * Says what exactly-once needs for these objects: that the user may write them, that the submission field and the fields
 * that upserts match by find records and are unique, and that every field written is there for the user. A field that
 * the gateway made would be hidden from its own user until somebody grants it, so a person makes both in one go.
 */
export async function prepareObjects(desk: Desk, uses: readonly ObjectUse[]): Promise<readonly Preparation[]> {
  const preparations: Preparation[] = []
  for (const use of uses) {
    requireNames([use.object])
    desk.schema.forget(use.object)
    const described = await desk.schema.describe(desk.api, use.object)
    preparations.push(...(described === undefined ? [unseen(use.object)] : prepareObject(desk, use, described)))
  }
  return uses.some(({ files }) => files) ? [...preparations, await filesPreparation(desk)] : preparations
}

async function filesPreparation({ api, schema }: Desk): Promise<Preparation> {
  const versions = await schema.describe(api, 'ContentVersion')
  const description = 'the integration user may attach files'
  if (versions?.createable) return { description, done: true }
  const byHand =
    'Setup > Salesforce Files > General Settings: see that files are on; then give the user a license with Salesforce Files.'
  return { description, done: false, byHand }
}

function prepareObject({ settings }: Desk, use: ObjectUse, described: Described): readonly Preparation[] {
  const matches = use.matches.filter((match) => match.toLowerCase() !== 'id')
  const written = [...new Set([...use.fields, ...use.matches])].filter((name) => name.toLowerCase() !== 'id')
  return [
    permissions(described, use),
    ...(use.creates ? [submission(described, settings.submissionField)] : []),
    ...matches.map((match) => matching(described, match)),
    writtenFields(described, written),
  ]
}

function unseen(object: string): Preparation {
  return {
    description: `the integration user sees no object ${object}`,
    done: false,
    byHand: `If the name is right (an API name, such as Lead or Order__c): Setup > Permission Sets > the set of the integration user > Object Settings > ${object}: tick Read, Create and Edit.`,
  }
}

function permissions({ name, createable, updateable }: Described, use: ObjectUse): Preparation {
  const description = `the integration user may create and edit ${name}`
  if (createable && (updateable || use.matches.length === 0)) return { description, done: true }
  const byHand = `Setup > Permission Sets > the set of the integration user > Object Settings > ${name}: tick Read, Create and Edit.`
  return { description, done: false, byHand }
}

function submission({ name: object, fields }: Described, name: string): Preparation {
  const description = `the unique external id field ${name} on ${object}`
  const field = fields.find((each) => each.name.toLowerCase() === name.toLowerCase())
  if (field?.externalId && field.unique) return { description, done: true }
  return { description, done: false, byHand: field === undefined ? newField(object, name) : editField(object, field) }
}

function matching(described: Described, name: string): Preparation {
  const { name: object } = described
  const field = fieldOf(described, name)
  const description = `${object} is matched by ${name}, an external id with unique values`
  if (field === undefined) return { description, done: false, byHand: newField(object, name) }
  if (field.unique) return { description, done: true }
  if (field.externalId) return { description, done: false, byHand: editField(object, field) }
  // Nothing to do: a standard field such as Email cannot be made unique.
  const told = `${object} is matched by ${field.name}, which is not unique: two submissions at the same moment may create two, and several records with one value wait for a person's choice`
  return { description: told, done: true }
}

function writtenFields(described: Described, names: readonly string[]): Preparation {
  const closed = names.filter((name) => {
    const field = fieldOf(described, name)
    return field === undefined || !(field.createable || field.updateable)
  })
  const description = `the integration user may write every mapped field of ${described.name}`
  if (closed.length === 0) return { description, done: true }
  const byHand = `These are missing, hidden or read-only: ${closed.join(', ')}. Correct their API names, or grant them: Setup > Permission Sets > the set of the integration user > Object Settings > ${described.name} > Edit: tick Read and Edit of each.`
  return { description, done: false, byHand }
}

function newField(object: string, name: string): string {
  const label = name.replace(/__c$/i, '').replaceAll('_', ' ')
  return [
    `Setup > Object Manager > ${object} > Fields & Relationships > New`,
    `type Text, label "${label}", length 80, field name ${name.replace(/__c$/i, '')}`,
    'tick "Do not allow duplicate values" (case sensitive) and "External ID"',
    'make it visible for the profile or permission set of the integration user, with edit access',
    'it need not be on any page layout',
  ].join('; ')
}

function editField(object: string, field: DescribedField): string {
  return `Setup > Object Manager > ${object} > Fields & Relationships > ${field.name} > Edit: tick "Do not allow duplicate values" and "External ID". Salesforce allows it only while no two records share a value.`
}
