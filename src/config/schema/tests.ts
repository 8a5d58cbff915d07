import Type, { type Static } from 'typebox'
import type { Json, JsonObject } from '../../plugin/json.ts'
import { LANGUAGE_PATTERN, PART_PATTERN, SCREEN_PATTERN } from './names.ts'

const closed = { additionalProperties: false } as const

function plain(description: string, example: JsonObject) {
  return Type.Unsafe<JsonObject>(Type.Object({}, { additionalProperties: true, description, examples: [example] }))
}

const then = Type.String({
  minLength: 1,
  description:
    'Where that leads: the next screen, the same screen when the answers are refused or worked out anew, or `submitted` when the form is finished and closes.',
  examples: ['ENTERPRISE', 'submitted'],
})

const shows = plain('Part of the data the person then sees. Only what is named is compared; `null` means left out.', {
  greeting: 'Hello Ana',
})

const sources = Type.Record(Type.String(), Type.Record(Type.String(), Type.Unsafe<Json>({})), {
  description:
    'What sources say, by source and query: rows or any other JSON, `unavailable` where it cannot answer, `taken` for a reservation somebody else has. Sources that only read files of the configuration are asked themselves where nothing stands here.',
  examples: [{ calendar: { free_slots: [{ id: 'a', title: '09:00' }], hold_slot: 'taken' } }],
})

const StepSchema = Type.Object(
  {
    screen: Type.Optional(
      Type.String({
        pattern: SCREEN_PATTERN,
        description: 'The screen the person is on. Needed except with `reopen`.',
        examples: ['CONTACT'],
      }),
    ),
    fill: Type.Optional(
      plain('What the person types before submitting the screen, by field. Left out: nothing.', {
        full_name: 'Ana Souza Lima',
        company_size: 120,
      }),
    ),
    select: Type.Optional(
      plain('Instead of submitting: what a selection, link or check button of the screen sends, by payload key.', {
        trigger: 'date_selected',
        date: '2026-05-04',
      }),
    ),
    back: Type.Optional(
      Type.Literal(true, {
        description: 'Instead of submitting: the person goes back, and the phone asks what to show.',
      }),
    ),
    reopen: Type.Optional(
      Type.Literal(true, { description: 'The person left and opens the form again with the same token.' }),
    ),
    then,
    shows: Type.Optional(shows),
  },
  { ...closed, title: 'Step', description: 'One thing the person does and where it leads.' },
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
    language: Type.Optional(
      Type.String({
        pattern: LANGUAGE_PATTERN,
        description: "The person's language, as a minted token would bring it.",
        examples: ['pt_BR'],
      }),
    ),
    variant: Type.Optional(
      Type.String({
        pattern: PART_PATTERN,
        description: 'The variant the person is in. Left out: the first one that has a weight.',
        examples: ['short'],
      }),
    ),
    version: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'The version of the flow the phone has. Left out: the one this file belongs to.',
        examples: ['1'],
      }),
    ),
    sources: Type.Optional(sources),
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
  {
    sources: Type.Optional(sources),
    tests: Type.Array(TestSchema, { minItems: 1, description: 'The tests of this flow.' }),
  },
  {
    ...closed,
    title: 'tests.yaml',
    description: "The operator's own tests of a flow, run by `flowgate test`. Nothing is sent anywhere.",
  },
)

export type TestsFile = Static<typeof TestsFileSchema>
export type FlowTest = Static<typeof TestSchema>
