import Type, { type Static } from 'typebox'
import { NotificationSchema } from './notification.ts'
import { RecordSchema } from './record.ts'
import { LOOSE_DEFINITIONS } from './value.ts'

const closed = { additionalProperties: false } as const

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
