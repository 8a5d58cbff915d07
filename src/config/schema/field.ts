import Type, { type Static } from 'typebox'
import { COUNTRY_PATTERN } from './names.ts'
import { Condition } from './value.ts'
import { Words } from './words.ts'

/** The types a field can have. */
const FieldTypes = [
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

const bound = (which: string) =>
  Type.Union([Type.Number(), Type.String()], {
    description: `The ${which} number, date (\`YYYY-MM-DD\`), or how many may be chosen. For the types integer, number, date and choices.`,
    examples: [1, '2026-01-31'],
  })

export const FieldSchema = Type.Object(
  {
    type: Type.Enum(FieldTypes, {
      description:
        'What an answer must be. Text is trimmed; numbers, dates and true/false that come as text are read. `choice` is one of several, `choices` a list of them, `json` anything.',
    }),
    required: Type.Optional(
      Type.Union([Type.Boolean(), Condition], {
        default: false,
        description:
          'Whether an answer is needed: `true`, or a condition on `form`, `person` and `session`. A required `boolean` must be true: it is a consent.',
        examples: [true, { 'form.method': 'bank' }],
      }),
    ),
    min: Type.Optional(bound('least')),
    max: Type.Optional(bound('greatest')),
    min_length: Type.Optional(
      Type.Integer({ minimum: 0, description: 'The fewest characters. For the types text, email and phone.' }),
    ),
    max_length: Type.Optional(
      Type.Integer({ minimum: 1, description: 'The most characters. For the types text, email and phone.' }),
    ),
    pattern: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'A regular expression (RE2) that must be found in the text; `^…$` stands for the whole text. For the types text, email and phone.',
        examples: ['^[A-Z]{3}-[0-9]{4}$'],
      }),
    ),
    of: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
        minItems: 1,
        description: 'The ids that may be chosen. Left out: any. For the types choice and choices.',
        examples: [['under_10k', '10k_50k', 'over_50k']],
      }),
    ),
    country: Type.Optional(
      Type.String({
        pattern: COUNTRY_PATTERN,
        description: 'How to read numbers without `+`: two capital letters (ISO 3166-1). For the type phone.',
        examples: ['BR'],
      }),
    ),
    message: Type.Optional(
      Words(
        'What the person reads when the answer is missing or refused. Left out: `messages.required` or `messages.invalid`.',
        'Please write your work e-mail.',
      ),
    ),
  },
  { additionalProperties: false, title: 'Field', description: 'One answer of a screen and how it is checked.' },
)

export type FieldFile = Static<typeof FieldSchema>
