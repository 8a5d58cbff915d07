import Type, { type Static } from 'typebox'

const closed = { additionalProperties: false } as const

export const DestinationSchema = Type.Object(
  {
    plugin: Type.String({ minLength: 1 }),
    config: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    at_once: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    answer_within_ms: Type.Optional(Type.Integer({ minimum: 100, maximum: 60_000 })),
    on_unknown: Type.Optional(Type.Enum(['resend_marked', 'hold'] as const)),
  },
  closed,
)

export const DestinationsFileSchema = Type.Object(
  { destinations: Type.Record(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,63}$' }), DestinationSchema) },
  closed,
)

export type DestinationFile = Static<typeof DestinationSchema>
export type DestinationsFile = Static<typeof DestinationsFileSchema>
