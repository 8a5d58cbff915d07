import Type, { type Static } from 'typebox'
import { Condition, Value } from './value.ts'

const closed = { additionalProperties: false } as const
const Id = Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,39}$' })

export const RecordSchema = Type.Object(
  {
    id: Id,
    to: Type.String(),
    object: Type.String({ minLength: 1 }),
    operation: Type.Enum(['upsert', 'create'] as const),
    match: Type.Optional(Type.String()),
    when: Type.Optional(Condition),
    after: Type.Optional(Type.Array(Type.String())),
    links: Type.Optional(Type.Array(Type.String())),
    fields: Type.Record(Type.String(), Value),
  },
  closed,
)

export const NotificationSchema = Type.Object(
  {
    id: Id,
    to: Type.String(),
    when: Type.Optional(Condition),
    after: Type.Optional(Type.Array(Type.String())),
    title: Type.String({ minLength: 1 }),
    text: Type.Optional(Type.String()),
    facts: Type.Optional(Type.Record(Type.String(), Value)),
    link: Type.Optional(Type.Object({ label: Type.String(), url: Type.String() }, closed)),
  },
  closed,
)

export const MappingFileSchema = Type.Object(
  {
    identity: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
    dedupe: Type.Optional(
      Type.Object(
        {
          window: Type.Optional(Type.String()),
          ignore: Type.Optional(Type.Array(Type.String())),
          on_repeat: Type.Optional(Type.Enum(['drop', 'update', 'new'] as const)),
        },
        closed,
      ),
    ),
    personal: Type.Optional(Type.Array(Type.String())),
    records: Type.Optional(Type.Array(RecordSchema)),
    notifications: Type.Optional(Type.Array(NotificationSchema)),
  },
  closed,
)

export type MappingFile = Static<typeof MappingFileSchema>
export type RecordFile = Static<typeof RecordSchema>
export type NotificationFile = Static<typeof NotificationSchema>
