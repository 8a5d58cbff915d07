/** One field of an object, as `describe` tells it. */
export interface Field {
  readonly name: string
  readonly type: string
  readonly length?: number
  readonly createable?: boolean
  readonly updateable?: boolean
  readonly required?: boolean
  readonly externalId?: boolean
  readonly idLookup?: boolean
  readonly unique?: boolean
  /** Values of a restricted picklist. */
  readonly options?: readonly string[]
  /** Suggestions of a picklist that takes any value. */
  readonly suggestions?: readonly string[]
  readonly referenceTo?: readonly string[]
}

/** A kind of record. */
export interface ObjectType {
  readonly name: string
  /** The first three characters of its ids. */
  readonly prefix: string
  readonly fields: readonly Field[]
}

const text = (name: string, length = 80, more: Partial<Field> = {}): Field => ({
  name,
  type: 'string',
  length,
  ...more,
})
const lookup = (name: string, referenceTo: readonly string[], more: Partial<Field> = {}): Field => ({
  name,
  type: 'reference',
  length: 18,
  referenceTo,
  ...more,
})
const picklist = (name: string, options: readonly string[], more: Partial<Field> = {}): Field => ({
  name,
  type: 'picklist',
  length: 255,
  options,
  ...more,
})
const readOnly = { createable: false, updateable: false } as const
const email: Field = { name: 'Email', type: 'email', length: 80, idLookup: true }
const owner = lookup('OwnerId', ['Group', 'User'])
const person = [text('FirstName', 40), text('LastName', 80, { required: true }), email, text('Phone', 40)] as const
const waId = text('WhatsApp_Id__c', 40, { externalId: true, unique: true })

/** The objects of a new org, with two custom fields of ours and what a company adds: an object with a master. */
export const OBJECT_TYPES: readonly ObjectType[] = [
  {
    name: 'Lead',
    prefix: '00Q',
    fields: [
      ...person,
      waId,
      text('Company', 255, { required: true }),
      text('Shared_Id__c', 40, { externalId: true }),
      text('Nickname__c', 40),
      picklist('Status', ['Open', 'Working', 'Closed']),
      { name: 'LeadSource', type: 'picklist', length: 255, suggestions: ['Web', 'Other'] },
      { name: 'Interests__c', type: 'multipicklist', length: 4099, options: ['Cars', 'Boats'] },
      { name: 'Description', type: 'textarea', length: 32_000 },
      { name: 'Budget__c', type: 'currency' },
      { name: 'Vip__c', type: 'boolean' },
      { name: 'IsConverted', type: 'boolean', ...readOnly },
      lookup('ConvertedContactId', ['Contact'], readOnly),
      lookup('Referrer__c', ['Contact']),
      lookup('Second_Referrer__c', ['Contact']),
      owner,
    ],
  },
  {
    name: 'Contact',
    prefix: '003',
    fields: [
      ...person,
      waId,
      text('Title', 128),
      lookup('AccountId', ['Account']),
      lookup('ReportsToId', ['Contact']),
      { name: 'Description', type: 'textarea', length: 32_000 },
      owner,
    ],
  },
  {
    name: 'Account',
    prefix: '001',
    fields: [text('Name', 255, { required: true }), text('Tax_Id__c', 40, { externalId: true, unique: true }), owner],
  },
  {
    name: 'Opportunity',
    prefix: '006',
    fields: [
      text('Name', 120, { required: true }),
      picklist('StageName', ['Prospecting', 'Closed Won'], { required: true }),
      { name: 'CloseDate', type: 'date', required: true },
      { name: 'Amount', type: 'currency' },
      lookup('AccountId', ['Account']),
      // Sets the primary contact role of a new opportunity, and cannot be changed afterwards.
      lookup('ContactId', ['Contact'], { updateable: false }),
      owner,
    ],
  },
  {
    name: 'OpportunityContactRole',
    prefix: '00K',
    fields: [
      lookup('OpportunityId', ['Opportunity'], { required: true, updateable: false }),
      lookup('ContactId', ['Contact'], { required: true }),
    ],
  },
  { name: 'Campaign', prefix: '701', fields: [text('Name', 80, { required: true }), owner] },
  {
    name: 'CampaignMember',
    prefix: '00v',
    fields: [
      lookup('CampaignId', ['Campaign'], { required: true, updateable: false }),
      lookup('LeadId', ['Lead'], { updateable: false }),
      lookup('ContactId', ['Contact'], { updateable: false }),
    ],
  },
  {
    name: 'Task',
    prefix: '00T',
    fields: [
      text('Subject', 255),
      lookup('WhoId', ['Contact', 'Lead']),
      lookup('WhatId', ['Account', 'Opportunity']),
      owner,
    ],
  },
  {
    name: 'Visit__c',
    prefix: 'a01',
    fields: [text('Name'), lookup('Account__c', ['Account'], { required: true, updateable: false })],
  },
  {
    name: 'ContentVersion',
    prefix: '068',
    fields: [
      text('Title', 255),
      text('PathOnClient', 500, { required: true, updateable: false }),
      { name: 'VersionData', type: 'base64', required: true },
      lookup('FirstPublishLocationId', ['Account', 'Contact', 'Lead', 'Opportunity'], { updateable: false }),
    ],
  },
  {
    name: 'User',
    prefix: '005',
    fields: [text('Name'), { name: 'Email', type: 'email', length: 128 }, { name: 'IsActive', type: 'boolean' }],
  },
  { name: 'Group', prefix: '00G', fields: [text('Name')] },
]

/** The field that the gateway writes submissions into. */
export const SUBMISSION_FIELD: Field = text('Flowgate_Submission__c', 80, { externalId: true, unique: true })

/** What `GET …/describe` answers. */
export function described(type: ObjectType, fields: readonly Field[]): unknown {
  const id = { name: 'Id', type: 'id', length: 18, idLookup: true, ...readOnly }
  return {
    name: type.name,
    label: type.name.replace(/__c$/, ''),
    keyPrefix: type.prefix,
    createable: true,
    updateable: true,
    queryable: true,
    fields: [id, ...fields].map(describedField),
  }
}

function describedField(field: Field): unknown {
  const values = field.options ?? field.suggestions ?? []
  return {
    name: field.name,
    label: field.name.replace(/__c$/, '').replaceAll('_', ' '),
    type: field.type,
    length: field.length ?? 0,
    createable: field.createable ?? true,
    updateable: field.updateable ?? true,
    nillable: field.required !== true,
    defaultedOnCreate: field.type === 'boolean' || field.name === 'OwnerId',
    externalId: field.externalId ?? false,
    idLookup: field.idLookup ?? field.externalId ?? false,
    unique: field.unique ?? false,
    restrictedPicklist: field.options !== undefined,
    picklistValues: [
      ...values.map((value) => ({ value, label: value, active: true, defaultValue: false })),
      ...(values.length > 0 ? [{ value: 'Retired', label: 'Retired', active: false, defaultValue: false }] : []),
    ],
    referenceTo: field.referenceTo ?? [],
  }
}
