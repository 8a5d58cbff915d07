import { type CrmRecord, FailureError, type RecordLink } from 'flowgate/plugin'
import type { SalesforceApi } from './api.ts'
import { classify } from './failure.ts'
import type { Desk } from './place.ts'
import { ProblemError } from './problem.ts'
import { isRecordId, objectOf } from './record-id.ts'
import type { Saved } from './save.ts'
import { type Described, type DescribedField, fieldOf } from './schema.ts'
import { quoted, requireNames } from './soql.ts'

/** A record that stands for a link between two, where neither has a field for the other. */
interface Junction {
  readonly object: string
  /** Field that names each end, by object. */
  readonly ends: Readonly<Record<string, string>>
}

const CONTACT_ROLE = 'OpportunityContactRole'

/** Standard junctions (developer.salesforce.com, "Object reference"). */
const JUNCTIONS: readonly Junction[] = [
  { object: CONTACT_ROLE, ends: { Opportunity: 'OpportunityId', Contact: 'ContactId' } },
  { object: 'CampaignMember', ends: { Campaign: 'CampaignId', Lead: 'LeadId' } },
  { object: 'CampaignMember', ends: { Campaign: 'CampaignId', Contact: 'ContactId' } },
]

/** Standard lookups, for an object that the credentials may write but not describe. */
const STANDARD = ['Contact.Account', 'Opportunity.Account', 'Case.Account', 'Case.Contact', 'Contract.Account']

/** A link that is made once the record is there. */
type LaterLink =
  | {
      readonly kind: 'junction'
      readonly junction: Junction
      readonly to: RecordLink
      /** Field that a new record names the other end in, from which Salesforce makes the junction itself. */
      readonly atCreation?: string
    }
  /** The other record has the field. */
  | { readonly kind: 'reverse'; readonly to: RecordLink; readonly field: string }

type JunctionLink = Extract<LaterLink, { kind: 'junction' }>

/** How the links of one record are made. */
export interface LinkPlan {
  /** Written with the record itself. */
  readonly fields: Readonly<Record<string, string>>
  /** Those of them that Salesforce takes only while it creates the record. */
  readonly createOnly: readonly string[]
  readonly later: readonly LaterLink[]
}

type Way = { readonly kind: 'field'; readonly field: string; readonly createOnly: boolean } | Exclude<LaterLink, never>

/** Works out every link before anything is written, so that one that cannot be made costs no half-written record. */
export async function planLinks(
  desk: Desk,
  object: string,
  { links, operation }: Pick<CrmRecord, 'links' | 'operation'>,
): Promise<LinkPlan> {
  const fields: Record<string, string> = {}
  const createOnly: string[] = []
  const later: LaterLink[] = []
  for (const link of links) {
    requireNames([link.object])
    if (!isRecordId(link.id)) throw new FailureError(unlinkable(object, link.object, 'the id to link to is none'))
    const to = { object: objectOf(link.object, link.id), id: link.id }
    const way = await wayNow(desk, object, to)
    if (way.kind === 'junction') {
      const { atCreation, ...junction } = way
      // An upsert mostly meets a record that is there, which does not take the field any more.
      const field = operation === 'create' && atCreation && !(atCreation in fields) ? atCreation : undefined
      later.push(field === undefined ? junction : way)
      if (field === undefined) continue
      fields[field] = to.id
      createOnly.push(field)
    } else if (way.kind === 'reverse') {
      later.push(way)
    } else if ((fields[way.field] ?? to.id) === to.id) {
      fields[way.field] = to.id
      if (way.createOnly) createOnly.push(way.field)
    } else throw new FailureError(unlinkable(object, to.object, `${way.field} holds one link and two are mapped`))
  }
  return { fields, createOnly, later }
}

/** What is known of the objects may have been overtaken: what cannot be linked by it is asked for again. */
async function wayNow(desk: Desk, object: string, to: RecordLink): Promise<Way> {
  try {
    return await wayTo(desk, object, to)
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
    for (const name of [object, to.object]) desk.schema.forget(name)
    return wayTo(desk, object, to)
  }
}

async function wayTo(desk: Desk, object: string, to: RecordLink): Promise<Way> {
  const { api, schema, settings } = desk
  const set = settings.linkFields.get(`${object}.${to.object}`.toLowerCase())
  const described = await schema.describe(api, object)
  if (set !== undefined) return { kind: 'field', field: set, createOnly: fieldOf(described, set)?.updateable === false }
  const fields = referencesTo(described, to.object)
  const lasting = theOne(
    object,
    to.object,
    fields.filter(({ updateable }) => updateable),
  )
  if (lasting !== undefined) return { kind: 'field', field: lasting.name, createOnly: false }
  const junction = JUNCTIONS.find(({ ends }) => endOf(ends, object) && endOf(ends, to.object))
  const atCreation = theOne(object, to.object, fields)
  if (junction !== undefined) {
    const undescribed = described === undefined && junction.object === CONTACT_ROLE ? 'ContactId' : undefined
    const field = atCreation?.name ?? undescribed
    return { kind: 'junction', junction, to, ...(field === undefined ? {} : { atCreation: field }) }
  }
  if (atCreation !== undefined) return { kind: 'field', field: atCreation.name, createOnly: true }
  if (
    described === undefined &&
    STANDARD.some((pair) => pair.toLowerCase() === `${object}.${to.object}`.toLowerCase())
  ) {
    return { kind: 'field', field: `${to.object}Id`, createOnly: false }
  }
  const back = referencesTo(await schema.describe(api, to.object), object).filter(({ updateable }) => updateable)
  const field = theOne(to.object, object, back)
  if (field !== undefined) return { kind: 'reverse', to, field: field.name }
  throw new FailureError(unlinkable(object, to.object, 'neither has a lookup field to the other'))
}

/** Makes the links that need the record to be there. Making one twice changes nothing. */
export async function linkLater(desk: Desk, from: Saved, links: readonly LaterLink[]): Promise<void> {
  for (const link of links) {
    try {
      if (link.kind === 'reverse') await desk.api.write({ by: 'id', ...link.to }, { [link.field]: from.id }, true)
      else await join(desk, from, link)
    } catch (error) {
      throw refusedLink(error, from, link.to) ?? error
    }
  }
}

/** Whatever Salesforce says of a link concerns another record than the one that was written: none of it is to be chosen. */
function refusedLink(error: unknown, from: Saved, to: RecordLink): FailureError | undefined {
  const failure = classify(error)
  if (!(error instanceof ProblemError) || failure?.kind !== 'permanent' || failure.scope !== 'record') return undefined
  const codes = [`HTTP ${error.problem.status}`, ...error.problem.errors.map(({ code }) => code)].join(', ')
  const why = `the record is written, and Salesforce refused the link (${codes})`
  return new FailureError(unlinkable(from.object, to.object, why), { cause: error })
}

/** Where the credentials see no junctions, a new record's link stands in its field, or it cannot be made. */
async function join({ api }: Desk, from: Saved, { junction, to, atCreation }: JunctionLink): Promise<void> {
  const { object, ends } = junction
  const values = [from, to].map((end) => [endOf(ends, end.object) ?? 'Id', end.id] as const)
  const where = values.map(([field, id]) => `${field} = ${quoted(id)}`).join(' AND ')
  const isThere = () => hasAny(api, `SELECT Id FROM ${object} WHERE ${where} LIMIT 1`)
  try {
    if (await isThere()) return
    await api.create(object, Object.fromEntries(values))
  } catch (error) {
    // Somebody else has just made it.
    if (error instanceof ProblemError && error.has('DUPLICATE_VALUE') && (await isThere())) return
    if (!(error instanceof ProblemError) || !(error.isNoRoute || error.has('INVALID_TYPE'))) throw error
    if (atCreation !== undefined && !from.moved) return
    throw new FailureError(unlinkable(from.object, to.object, `the credentials see no ${object}`), { cause: error })
  }
}

/** Where nobody answers queries: no, for a second junction does less harm than none. */
async function hasAny(api: SalesforceApi, soql: string): Promise<boolean> {
  try {
    return (await api.query(soql)).length > 0
  } catch (error) {
    if (error instanceof ProblemError && error.isNoRoute) return false
    throw error
  }
}

function endOf(ends: Junction['ends'], object: string): string | undefined {
  return Object.entries(ends).find(([name]) => name.toLowerCase() === object.toLowerCase())?.[1]
}

function referencesTo(described: Described | undefined, object: string): readonly DescribedField[] {
  const wanted = object.toLowerCase()
  return (described?.fields ?? []).filter(
    ({ type, referenceTo, createable }) =>
      type === 'reference' && createable && referenceTo.some((name) => name.toLowerCase() === wanted),
  )
}

/** The only field, or among several the standard one, which is named after the object it leads to. */
function theOne(object: string, to: string, fields: readonly DescribedField[]): DescribedField | undefined {
  const [first, ...others] = fields
  if (others.length === 0) return first
  const standard = fields.find(({ name }) => name.toLowerCase() === `${to}Id`.toLowerCase())
  if (standard !== undefined) return standard
  const names = fields.map(({ name }) => name).join(', ')
  throw new FailureError(unlinkable(object, to, `${names} could hold it: name one in \`link_fields\``))
}

function unlinkable(object: string, to: string, why: string) {
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_SALESFORCE_LINK',
    message: `A link from ${object} to ${to} cannot be made: ${why}. Correct the mapping or the settings, then replay.`,
  } as const
}
