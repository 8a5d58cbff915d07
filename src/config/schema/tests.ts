import Type, { type Static } from 'typebox'
import type { Json, JsonObject } from '../../plugin/json.ts'
import { LANGUAGE_PATTERN, PART_PATTERN, SCREEN_PATTERN } from './names.ts'

/** A day as `session.today` has it. */
const DAY_PATTERN = '^\\d{4}-\\d{2}-\\d{2}$'

const closed = { additionalProperties: false } as const

function plain(description: string, example: JsonObject) {
  return Type.Unsafe<JsonObject>(Type.Object({}, { additionalProperties: true, description, examples: [example] }))
}

const then = Type.String({
  minLength: 1,
  description:
    'Where that leads: the next screen, the same screen when the answers are refused or worked out anew, or `submitted` when the form closes.',
  examples: ['ENTERPRISE', 'submitted'],
})

const shows = plain(
  'Part of the data the person then sees. Only what is named is compared, lists by all their items; `null` means left out.',
  {
    greeting: 'Hello Ana',
  },
)

const sourcesSaid = (more: string) =>
  Type.Record(Type.String(), Type.Record(Type.String(), Type.Unsafe<Json>({})), {
    description: `What sources say, by source and query: rows or any other JSON, \`unavailable\` where it cannot answer, \`taken\` for a reservation somebody else has. ${more}`,
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
      plain(
        'What the person types before pressing the button of the screen, by field. An input that is left out holds what the form was refilled with, else nothing; `""` empties it. Where `then` is the same screen, the request may also be one that no phone sends: a choice that is not offered, another value for what the Flow JSON sends by itself.',
        { full_name: 'Ana Souza Lima', company_size: 120 },
      ),
    ),
    select: Type.Optional(
      plain(
        'Instead of submitting: what a selection, a link or a list item of the screen sends, by payload key. One of the actions of the Flow JSON must send all of it; what else that action sends goes along.',
        { trigger: 'date_selected', date: '2026-05-04' },
      ),
    ),
    back: Type.Optional(
      Type.Literal(true, {
        description:
          'Instead of submitting: the person goes back. The phone asks what to show where the screen has `refresh_on_back`, and else shows what it showed before.',
      }),
    ),
    reopen: Type.Optional(
      Type.Literal(true, { description: 'The person left and opens the form again with the same token.' }),
    ),
    sources: Type.Optional(sourcesSaid('From this step on; what it does not speak of stays as it was.')),
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
    today: Type.Optional(
      Type.String({
        pattern: DAY_PATTERN,
        description: 'The day on which the test plays, where the flow is at home. Left out: the day it is run.',
        examples: ['2026-03-02'],
      }),
    ),
    sources: Type.Optional(sourcesSaid('Goes before what stands at the top of the file.')),
    prefill: Type.Optional(
      plain('Answers known beforehand, as a minted token would bring them: `form.…`.', { email: 'ana@acme.com' }),
    ),
    simulate: Type.Optional(
      Type.Literal(false, {
        description:
          'Keeps `flowgate simulate` from playing it: what a running gateway is told by its sources is not what is written here.',
      }),
    ),
    steps: Type.Array(StepSchema, {
      minItems: 1,
      description: 'The screens in the order in which the person goes through them.',
    }),
    expect: Type.Optional(
      plain(
        'What the submission, or the hand-over, becomes: record or notification id → fields. Only what is named is compared; `null` means left out.',
        { contact: { email: 'ana@acme.com' }, deal: { amount: 75000 } },
      ),
    ),
    reserved: Type.Optional(
      plain(
        'What is held for the person in the end: reservation → its parameters. Only what is named is compared; `null` means that nothing is held.',
        { slot: { slot: 'a' } },
      ),
    ),
  },
  { ...closed, title: 'Test', description: 'One person going through the flow.' },
)

export const TestsFileSchema = Type.Object(
  {
    sources: Type.Optional(
      sourcesSaid(
        'Sources that only read files of the configuration are asked themselves where nothing stands here; any other that is asked must stand here, in the test or in a step.',
      ),
    ),
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

/** What sources say, by source and query. */
export type SourcesSaid = NonNullable<TestsFile['sources']>

/** The tests of a file, each with what the file says of sources for all of them; what a test says itself goes first. */
export function testsOf({ sources = {}, tests }: TestsFile): readonly FlowTest[] {
  return tests.map((test) => {
    const own = test.sources ?? {}
    const names = new Set([...Object.keys(sources), ...Object.keys(own)])
    const merged = [...names].map((name) => [name, { ...sources[name], ...own[name] }] as const)
    return names.size === 0 ? test : { ...test, sources: Object.fromEntries(merged) }
  })
}
