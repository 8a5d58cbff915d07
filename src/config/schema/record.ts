import Type, { type Static } from 'typebox'
import { After, Id, To, text } from './item.ts'
import { Condition, Value } from './value.ts'

const closed = { additionalProperties: false } as const

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
      description:
        "The vendor's field → a value, with `write`, `clear` and `order` beside it where it is not simply overwritten. An absent value is left out: without `clear` it never empties what stands in the CRM.",
      examples: [
        {
          email: { from: 'form.email', apply: ['trim', 'lower'] },
          firstname: { from: 'form.first_name', write: 'if_empty' },
          lifecyclestage: { value: 'lead', write: 'forward_only' },
        },
      ],
    }),
    keep_before: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'For `upsert`: reads the record before each write and keeps what stood in its fields, so that `flowgate undo` can restore it. Records with a `write` that needs reading are kept anyway.',
      }),
    ),
    files: Type.Optional(
      Type.Array(Value, {
        description: 'Answers of photo and document pickers whose files are attached to the record.',
        examples: [[{ from: 'form.photos' }]],
      }),
    ),
  },
  { ...closed, title: 'Record', description: 'One object to write into a CRM.' },
)

export type RecordFile = Static<typeof RecordSchema>
