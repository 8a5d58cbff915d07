import Type, { type Static } from 'typebox'
import type { JsonObject } from '../../plugin/json.ts'
import { SCREEN_PATTERN } from './names.ts'

const closed = { additionalProperties: false } as const

function plain(description: string, example: JsonObject) {
  return Type.Unsafe<JsonObject>(Type.Object({}, { additionalProperties: true, description, examples: [example] }))
}

const then = Type.String({
  minLength: 1,
  description:
    'Where that leads: the next screen, the same screen when the answers are refused, or `submitted` when the form is finished.',
  examples: ['ENTERPRISE', 'submitted'],
})

const StepSchema = Type.Object(
  {
    screen: Type.String({
      pattern: SCREEN_PATTERN,
      description: 'The screen the person is on.',
      examples: ['CONTACT'],
    }),
    fill: Type.Optional(
      plain('What the person types, by field. Left out: nothing.', { full_name: 'Ana Souza Lima', company_size: 120 }),
    ),
    then,
  },
  { ...closed, title: 'Step', description: 'One screen: what is typed there and where it leads.' },
)

export const TestSchema = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      description: 'One sentence that says what is promised.',
      examples: ['a large company is asked for its budget and becomes a deal'],
    }),
    person: Type.Optional(
      plain('Attributes of the person, as a minted token would bring them: `person.…`.', { phone: '+5511999990000' }),
    ),
    source: Type.Optional(
      plain('Where the person comes from, as a minted token would bring it: `session.source.…`.', {
        campaign: 'spring',
      }),
    ),
    prefill: Type.Optional(
      plain('Answers known beforehand, as a minted token would bring them: `form.…`.', { email: 'ana@acme.com' }),
    ),
    steps: Type.Array(StepSchema, {
      minItems: 1,
      description: 'The screens in the order in which the person goes through them.',
    }),
    expect: Type.Optional(
      plain(
        'What the submission becomes: record or notification id → fields. Only what is named is compared; `null` means left out.',
        { contact: { email: 'ana@acme.com' }, deal: { amount: 75000 } },
      ),
    ),
  },
  { ...closed, title: 'Test', description: 'One person going through the flow.' },
)

export const TestsFileSchema = Type.Object(
  { tests: Type.Array(TestSchema, { minItems: 1, description: 'The tests of this flow.' }) },
  {
    ...closed,
    title: 'tests.yaml',
    description: "The operator's own tests of a flow, run by `flowgate test`. Nothing is sent anywhere.",
  },
)

export type TestsFile = Static<typeof TestsFileSchema>
export type FlowTest = Static<typeof TestSchema>
