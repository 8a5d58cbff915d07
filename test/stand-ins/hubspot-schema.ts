/** One property of an object, as far as HubSpot's checks on writes need it. */
export interface Property {
  readonly name: string
  readonly type: 'string' | 'number' | 'bool' | 'date' | 'datetime' | 'enumeration'
  readonly fieldType?: string
  readonly label?: string
  readonly groupName?: string
  readonly options?: readonly string[]
  readonly unique?: boolean
  readonly readOnly?: boolean
}

/** One kind of object and what an account has on the day it is opened. */
export interface ObjectType {
  /** The name in paths. */
  readonly name: string
  readonly typeId: string
  readonly aliases: readonly string[]
  readonly groups: readonly string[]
  /** A new record needs one property of each of these groups. */
  readonly required: readonly (readonly string[])[]
  readonly properties: readonly Property[]
}

/** A pipeline of deals or tickets with the internal ids of its stages. */
export interface Pipeline {
  readonly id: string
  readonly label: string
  readonly stages: readonly string[]
}

const text = (...names: string[]): Property[] => names.map((name) => ({ name, type: 'string' }))
const number = (...names: string[]): Property[] => names.map((name) => ({ name, type: 'number' }))
const choice = (name: string, ...options: string[]): Property => ({ name, type: 'enumeration', options })
const choices = (name: string, ...options: string[]): Property => ({
  ...choice(name, ...options),
  fieldType: 'checkbox',
})
const readOnly: readonly Property[] = [
  { name: 'hs_object_id', type: 'number', readOnly: true },
  { name: 'createdate', type: 'datetime', readOnly: true },
  { name: 'hs_lastmodifieddate', type: 'datetime', readOnly: true },
]

/** Stages of life in the order in which HubSpot lets a contact move through them. */
export const LIFECYCLE_STAGES = [
  'subscriber',
  'lead',
  'marketingqualifiedlead',
  'salesqualifiedlead',
  'opportunity',
  'customer',
  'evangelist',
  'other',
] as const

export const PIPELINES: Readonly<Record<string, readonly Pipeline[]>> = {
  deals: [
    {
      id: 'default',
      label: 'Sales Pipeline',
      stages: [
        'appointmentscheduled',
        'qualifiedtobuy',
        'presentationscheduled',
        'decisionmakerboughtin',
        'contractsent',
        'closedwon',
        'closedlost',
      ],
    },
  ],
  tickets: [{ id: '0', label: 'Support Pipeline', stages: ['1', '2', '3', '4'] }],
}

const stagesOf = (object: string) => (PIPELINES[object] ?? []).flatMap((pipeline) => pipeline.stages)

/** The objects a new account has, with the properties that mappings commonly write and their internal values. */
export const OBJECT_TYPES: readonly ObjectType[] = [
  {
    name: 'contacts',
    typeId: '0-1',
    aliases: ['contact', '0-1'],
    groups: ['contactinformation'],
    required: [['email', 'firstname', 'lastname']],
    properties: [
      { name: 'email', type: 'string', unique: true },
      ...text('firstname', 'lastname', 'phone', 'mobilephone', 'company', 'jobtitle', 'website', 'message'),
      ...text('address', 'city', 'state', 'zip', 'country', 'industry', 'annualrevenue', 'hubspot_owner_id'),
      choice('lifecyclestage', ...LIFECYCLE_STAGES),
      choice(
        'hs_lead_status',
        'NEW',
        'OPEN',
        'IN_PROGRESS',
        'OPEN_DEAL',
        'UNQUALIFIED',
        'ATTEMPTED_TO_CONTACT',
        'CONNECTED',
        'BAD_TIMING',
      ),
      // An enumeration of ranges on contacts; a plain number only on companies (numberofemployees).
      choice('numemployees', '1-5', '5-25', '25-50', '50-100', '100-500', '500-1000', '1000+'),
      choices('hs_buying_role', 'BLOCKER', 'BUDGET_HOLDER', 'CHAMPION', 'DECISION_MAKER', 'END_USER', 'INFLUENCER'),
      { name: 'hs_marketable_status', type: 'bool', readOnly: true },
      { name: 'hs_email_optout', type: 'bool', readOnly: true },
      { name: 'date_of_birth', type: 'string' },
      { name: 'closedate', type: 'datetime' },
      ...readOnly,
    ],
  },
  {
    name: 'companies',
    typeId: '0-2',
    aliases: ['company', '0-2'],
    groups: ['companyinformation'],
    required: [['name', 'domain']],
    properties: [
      ...text(
        'name',
        'domain',
        'phone',
        'city',
        'state',
        'zip',
        'country',
        'description',
        'website',
        'hubspot_owner_id',
      ),
      ...number('numberofemployees', 'annualrevenue'),
      choice('lifecyclestage', ...LIFECYCLE_STAGES),
      ...readOnly,
    ],
  },
  {
    name: 'deals',
    typeId: '0-3',
    aliases: ['deal', '0-3'],
    groups: ['dealinformation'],
    required: [['dealname']],
    properties: [
      ...text('dealname', 'description', 'hubspot_owner_id'),
      ...number('amount'),
      choice('pipeline', 'default'),
      choice('dealstage', ...stagesOf('deals')),
      choice('dealtype', 'newbusiness', 'existingbusiness'),
      { name: 'closedate', type: 'datetime' },
      { name: 'hs_is_closed', type: 'bool', readOnly: true },
      ...readOnly,
    ],
  },
  {
    name: 'tickets',
    typeId: '0-5',
    aliases: ['ticket', '0-5'],
    groups: ['ticketinformation'],
    required: [['subject'], ['hs_pipeline_stage']],
    properties: [
      ...text('subject', 'content', 'hubspot_owner_id'),
      choice('hs_pipeline', '0'),
      choice('hs_pipeline_stage', ...stagesOf('tickets')),
      choice('hs_ticket_priority', 'LOW', 'MEDIUM', 'HIGH', 'URGENT'),
      ...readOnly,
    ],
  },
]
