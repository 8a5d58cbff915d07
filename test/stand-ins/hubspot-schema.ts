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

/** A pipeline of deals or tickets with its stages in their order. */
export interface Pipeline {
  readonly id: string
  readonly label: string
  readonly stages: readonly { readonly id: string; readonly label: string }[]
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

/** What an account has on the day it is opened, by object. */
export const PIPELINES: Readonly<Record<string, readonly Pipeline[]>> = {
  deals: [
    {
      id: 'default',
      label: 'Sales Pipeline',
      stages: [
        { id: 'appointmentscheduled', label: 'Appointment Scheduled' },
        { id: 'qualifiedtobuy', label: 'Qualified To Buy' },
        { id: 'presentationscheduled', label: 'Presentation Scheduled' },
        { id: 'decisionmakerboughtin', label: 'Decision Maker Bought-In' },
        { id: 'contractsent', label: 'Contract Sent' },
        { id: 'closedwon', label: 'Closed Won' },
        { id: 'closedlost', label: 'Closed Lost' },
      ],
    },
  ],
  tickets: [
    {
      id: '0',
      label: 'Support Pipeline',
      stages: [
        { id: '1', label: 'New' },
        { id: '2', label: 'Waiting on contact' },
        { id: '3', label: 'Waiting on us' },
        { id: '4', label: 'Closed' },
      ],
    },
  ],
}

/** Where the pipeline and the stage of a record of this object stand. */
export const STAGE_PROPERTIES: Readonly<Record<string, readonly [pipeline: string, stage: string]>> = {
  deals: ['pipeline', 'dealstage'],
  tickets: ['hs_pipeline', 'hs_pipeline_stage'],
}

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
      choice('pipeline'),
      choice('dealstage'),
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
      choice('hs_pipeline'),
      choice('hs_pipeline_stage'),
      choice('hs_ticket_priority', 'LOW', 'MEDIUM', 'HIGH', 'URGENT'),
      ...readOnly,
    ],
  },
  {
    name: 'notes',
    typeId: '0-46',
    aliases: ['note', '0-46'],
    groups: ['noteinformation'],
    required: [['hs_timestamp']],
    properties: [
      { name: 'hs_timestamp', type: 'datetime' },
      ...text('hs_note_body', 'hs_attachment_ids', 'hubspot_owner_id'),
      ...readOnly,
    ],
  },
]
