import Type, { type Static } from 'typebox'
import { Condition, Value } from './value.ts'

const closed = { additionalProperties: false } as const

export const FieldTypes = [
  'text',
  'email',
  'phone',
  'integer',
  'number',
  'boolean',
  'date',
  'choice',
  'choices',
  'json',
] as const

export const FieldSchema = Type.Object(
  {
    type: Type.Enum(FieldTypes),
    required: Type.Optional(Type.Boolean()),
    min: Type.Optional(Type.Union([Type.Number(), Type.String()])),
    max: Type.Optional(Type.Union([Type.Number(), Type.String()])),
    min_length: Type.Optional(Type.Integer({ minimum: 0 })),
    max_length: Type.Optional(Type.Integer({ minimum: 1 })),
    pattern: Type.Optional(Type.String()),
    of: Type.Optional(Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), { minItems: 1 })),
    country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
    message: Type.Optional(Type.String()),
  },
  closed,
)

export const RuleSchema = Type.Object(
  {
    when: Type.Optional(Condition),
    show: Type.Optional(Type.String()),
    submit: Type.Optional(Type.Literal(true)),
  },
  closed,
)

export const ScreenSchema = Type.Object(
  {
    fields: Type.Optional(Type.Record(Type.String(), FieldSchema)),
    data: Type.Optional(Type.Record(Type.String(), Value)),
    next: Type.Optional(Type.Array(RuleSchema, { minItems: 1 })),
  },
  closed,
)

export const MessagesSchema = Type.Object(
  {
    expired: Type.Optional(Type.String()),
    sorry: Type.Optional(Type.String()),
    busy: Type.Optional(Type.String()),
    check_answers: Type.Optional(Type.String()),
    required: Type.Optional(Type.String()),
    invalid: Type.Optional(Type.String()),
  },
  closed,
)

export const FlowFileSchema = Type.Object(
  {
    flow: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,63}$' }),
    title: Type.String({ minLength: 1 }),
    version: Type.String({ minLength: 1 }),
    tokens: Type.Optional(Type.Enum(['any', 'minted'] as const)),
    first_screen: Type.String(),
    also_opens_at: Type.Optional(Type.Array(Type.String())),
    sessions: Type.Optional(
      Type.Object({ idle_expiry: Type.Optional(Type.String()), purge_after: Type.Optional(Type.String()) }, closed),
    ),
    messages: Type.Optional(MessagesSchema),
    expired_body: Type.Optional(Type.Enum(['sealed', 'plain'] as const)),
    answer: Type.Optional(Type.Record(Type.String(), Value)),
    screens: Type.Record(Type.String(), ScreenSchema),
  },
  closed,
)

export type FlowFile = Static<typeof FlowFileSchema>
export type FieldFile = Static<typeof FieldSchema>
export type ScreenFile = Static<typeof ScreenSchema>
export type RuleFile = Static<typeof RuleSchema>
export type MessagesFile = Static<typeof MessagesSchema>
