import Type, { type Static } from 'typebox'
import { ITEM_ID_PATTERN } from './names.ts'
import { Condition, LOOSE_DEFINITIONS, Value } from './value.ts'

const closed = { additionalProperties: false } as const

const Id = Type.String({
  pattern: ITEM_ID_PATTERN,
  description:
    'Its name in this file, in `after`, `links`, `records.<id>`, the log and replays. Must be unique in the file.',
  examples: ['contact'],
})

const To = Type.String({
  minLength: 1,
  description:
    'A destination of `destinations.yaml`: a CRM for a record, a notification destination for a notification.',
  examples: ['hubspot'],
})

const After = Type.Array(Type.String(), {
  description:
    'Ids of records that must be delivered before. A `records.<id>` anywhere in the entry waits as well, without being named here.',
  examples: [['contact']],
})

const text = (description: string, example: string) => Type.String({ minLength: 1, description, examples: [example] })

export const RecordSchema = Type.Object(
  {
    id: Id,
    to: To,
    object: text("The vendor's name for the kind of record.", 'contacts'),
    operation: Type.Enum(['upsert', 'create'] as const, {
      description:
        '`upsert` updates the record whose `match` field has this value, else creates it; `create` always creates one.',
    }),
    match: Type.Optional(
      text('For `upsert`: the field whose value finds the record. It must be one of `fields`.', 'email'),
    ),
    when: Type.Optional(Condition),
    after: Type.Optional(After),
    links: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Ids of records this one is linked to in the CRM. They are delivered before it.',
        examples: [['contact']],
      }),
    ),
    fields: Type.Record(Type.String(), Value, {
      minProperties: 1,
      description: "The vendor's field → a value. An absent value is left out: it never clears what stands in the CRM.",
      examples: [{ email: { from: 'form.email', apply: ['trim', 'lower'] }, lifecyclestage: 'lead' }],
    }),
  },
  { ...closed, title: 'Record', description: 'One object to write into a CRM.' },
)

const LinkSchema = Type.Object(
  {
    label: text('The text of the button or link.', 'Open in HubSpot'),
    url: text('A template. Where it leads nowhere the message goes without a link.', '{records.contact.url}'),
  },
  { ...closed, title: 'Link', description: 'A button or link below the message.' },
)

export const NotificationSchema = Type.Object(
  {
    id: Id,
    to: To,
    when: Type.Optional(Condition),
    after: Type.Optional(After),
    title: text('A template: plain text, escaped for the channel.', 'New lead: {form.full_name}'),
    text: Type.Optional(text('A template: plain text, escaped for the channel.', '{form.full_name} asks for a call.')),
    facts: Type.Optional(
      Type.Record(Type.String(), Value, {
        description: 'Label → a value, shown as a small table. Absent values are left out.',
        examples: [{ Budget: { from: 'form.budget' } }],
      }),
    ),
    link: Type.Optional(LinkSchema),
  },
  { ...closed, title: 'Notification', description: 'One message to people.' },
)

const DedupeSchema = Type.Object(
  {
    window: Type.Optional(
      Type.String({
        default: '5m',
        description:
          'How long after a submission the same answers of the same person count as a repeat: a whole number and `s`, `m`, `h` or `d`.',
        examples: ['5m', '24h'],
      }),
    ),
    ignore: Type.Optional(
      Type.Array(Type.String(), {
        default: [],
        description: 'Fields that may differ between repeats.',
        examples: [['client_time']],
      }),
    ),
    on_repeat: Type.Optional(
      Type.Enum(['drop', 'update', 'new'] as const, {
        default: 'drop',
        description:
          '`drop` gives a repeat the previous answer and creates nothing; `new` treats it as a new submission. `update` is not available yet.',
      }),
    ),
  },
  { ...closed, title: 'Dedupe', description: 'When two submissions are one.' },
)

const OCCASION =
  'Records and notifications of another occasion than a submission, written like those at the top of the file. They can wait for, link to and refer to records of the same occasion.'

/** Records and notifications of another occasion than a submission. Their ids are of this file like all others. */
const block = (description: string) =>
  Type.Object(
    {
      records: Type.Optional(Type.Array(RecordSchema, { default: [], description: 'What is written into CRMs.' })),
      notifications: Type.Optional(
        Type.Array(NotificationSchema, { default: [], description: 'What people are told.' }),
      ),
    },
    { ...closed, title: 'Occasion', $comment: OCCASION, description },
  )

export const MappingFileSchema = Type.Object(
  {
    identity: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        default: ['user_id', 'phone', 'email'],
        description:
          'Who a person is, for finding repeats: the first name that leads to a value, as `person.<name>`, then as `form.<name>`.',
        examples: [['user_id', 'phone', 'email']],
      }),
    ),
    dedupe: Type.Optional(DedupeSchema),
    personal: Type.Optional(
      Type.Array(Type.String(), {
        default: [],
        description: 'Fields that hold personal data: they are masked in logs and alerts.',
        examples: [['full_name', 'email']],
      }),
    ),
    records: Type.Optional(Type.Array(RecordSchema, { default: [], description: 'What is written into CRMs.' })),
    notifications: Type.Optional(Type.Array(NotificationSchema, { default: [], description: 'What people are told.' })),
    hand_over: Type.Optional(
      block(
        'What happens when a rule with `escalate` hands a person over: a ticket, its owner, a message to the queue.',
      ),
    ),
    expired: Type.Optional(
      block(
        'What happens, once for each token, when a person opens a form whose token or run is over: usually a message to somebody who sends a new one.',
      ),
    ),
  },
  {
    ...closed,
    $defs: LOOSE_DEFINITIONS,
    title: 'mapping.yaml',
    description:
      'How the submissions of one flow become records and notifications. Without this file submissions are only stored.',
  },
)

export type MappingFile = Static<typeof MappingFileSchema>
export type RecordFile = Static<typeof RecordSchema>
export type NotificationFile = Static<typeof NotificationSchema>
