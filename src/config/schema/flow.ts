import Type, { type Static } from 'typebox'
import { AskSchema } from './ask.ts'
import { DEFAULT_IDLE_EXPIRY, DEFAULT_PURGE_AFTER, DEFAULT_VERSION_KEY } from './defaults.ts'
import { DescribedCondition } from './described.ts'
import { MessagesSchema } from './messages.ts'
import { FIELD_PATTERN, LANGUAGE_PATTERN, NAME_PATTERN, PART_PATTERN, SCREEN_PATTERN } from './names.ts'
import { ScreenSchema, screenId } from './screen.ts'
import { LOOSE_DEFINITIONS, Value } from './value.ts'

export type { FieldFile } from './field.ts'
export type { MessagesFile } from './messages.ts'
export type { CheckFile, ReserveFile, RuleFile, ScreenFile, TriggerFile, WayOutFile } from './screen.ts'

const closed = { additionalProperties: false } as const

const Resume = Type.Enum(['offer', 'person'] as const)

const OpeningSchema = Type.Object(
  {
    when: DescribedCondition('For whom.', { 'person.tier': 'gold' }),
    show: screenId('An entry screen of the Flow JSON.'),
  },
  { ...closed, title: 'Opening', description: 'Another entry screen for some people.' },
)

const SessionsSchema = Type.Object(
  {
    idle_expiry: Type.Optional(
      Type.String({
        default: DEFAULT_IDLE_EXPIRY,
        description: 'How long an unfinished form waits for its person: a whole number and `s`, `m`, `h` or `d`.',
        examples: ['48h', '30m'],
      }),
    ),
    purge_after: Type.Optional(
      Type.String({
        default: DEFAULT_PURGE_AFTER,
        description:
          'How long the answers of a session are kept after it expired: a whole number and `s`, `m`, `h` or `d`.',
        examples: ['7d'],
      }),
    ),
    resume: Type.Optional(
      Type.Union([Resume, Type.Array(Resume, { minItems: 1 })], {
        description:
          'How an unfinished form goes on beyond an entry screen that is filled in again: `offer` tells the entry screen where it was left (`session.left_at`) and lets a rule with `resume: true` go on there; `person` finds it under a new token of the same person.',
        examples: ['offer', ['offer', 'person']],
      }),
    ),
    stale_client: Type.Optional(
      Type.Enum(['accept', 'repaint'] as const, {
        default: 'accept',
        description:
          'What to do when a phone answers another screen than the one it was shown last: `accept` takes the answer, `repaint` brings the person back to the right screen with `messages.moved`.',
      }),
    ),
  },
  { ...closed, title: 'Sessions', description: 'How long a run through the flow is remembered.' },
)

export const FlowFileSchema = Type.Object(
  {
    flow: Type.String({
      pattern: NAME_PATTERN,
      description: "The flow's name: the same as its folder, and the end of its address `/flows/<name>`.",
      examples: ['lead-gen'],
    }),
    title: Type.String({
      minLength: 1,
      description: 'For people: `flow.title` in values.',
      examples: ['Lead generation'],
    }),
    version: Type.String({
      minLength: 1,
      maxLength: 64,
      description:
        'Your own name for this version, in quotes: `flow.version` in values. Older versions live beside the newest one in folders `<flow>@<version>`.',
      examples: ['1'],
    }),
    version_key: Type.Optional(
      Type.String({
        pattern: FIELD_PATTERN,
        default: DEFAULT_VERSION_KEY,
        description:
          'The payload key by which a Flow JSON names its version; it picks the version where the token names none.',
      }),
    ),
    language: Type.Optional(
      Type.String({
        pattern: LANGUAGE_PATTERN,
        description: 'The language of people whose token names none. Left out: the first one of each text.',
        examples: ['pt_BR'],
      }),
    ),
    time_zone: Type.Optional(
      Type.String({
        minLength: 1,
        default: 'UTC',
        description: 'Where `session.today` is taken: a name of the IANA time zone database.',
        examples: ['America/Sao_Paulo'],
      }),
    ),
    variants: Type.Optional(
      Type.Record(Type.String({ pattern: PART_PATTERN }), Type.Number({ minimum: 0 }), {
        ...closed,
        minProperties: 2,
        description:
          'Variants and their weights. Each person with a token always gets the same one, at `session.variant`.',
        examples: [{ short: 70, long: 30 }],
      }),
    ),
    person: Type.Optional(
      Type.Record(Type.String({ pattern: FIELD_PATTERN }), Value, {
        ...closed,
        description:
          'Attributes of the person worked out when a run begins, usually from an ask: `person.<name>`. What the token says wins.',
        examples: [{ tier: { from: 'asked.customer.tier' } }],
      }),
    ),
    values: Type.Optional(
      Type.Record(Type.String({ pattern: PART_PATTERN }), Value, {
        ...closed,
        description:
          'Values worked out wherever something refers to them: `values.<name>`. A condition can so compare an answer with them.',
        examples: [{ adult_since: { from: 'session.today', apply: [{ add_days: -6574 }] } }],
      }),
    ),
    asks: Type.Optional(
      Type.Record(Type.String({ pattern: PART_PATTERN }), AskSchema, {
        ...closed,
        description: 'Questions to sources, by the name values refer to: `asked.<name>`.',
        examples: [
          { slots: { source: 'calendar', query: 'free_slots', with: { department: { from: 'form.department' } } } },
        ],
      }),
    ),
    tokens: Type.Optional(
      Type.Enum(['any', 'minted'] as const, {
        default: 'any',
        description: 'Which `flow_token` opens the flow: `any`, or only those `minted` by this gateway.',
      }),
    ),
    first_screen: screenId('The screen INIT answers: one that no edge of the Flow JSON leads to.'),
    opens_at: Type.Optional(
      Type.Array(OpeningSchema, {
        minItems: 1,
        description: 'Entry screens that INIT answers instead of `first_screen`: the first whose `when` holds.',
        examples: [[{ when: { 'asked.customer.email': { exists: true } }, show: 'WELCOME_BACK' }]],
      }),
    ),
    also_opens_at: Type.Optional(
      Type.Array(screenId('An entry screen of the Flow JSON.'), {
        description: 'Further entry screens at which messages open the flow with `navigate`.',
        default: [],
      }),
    ),
    sessions: Type.Optional(SessionsSchema),
    messages: Type.Optional(MessagesSchema),
    expired_body: Type.Optional(
      Type.Enum(['sealed', 'plain'] as const, {
        default: 'sealed',
        description:
          "How the words of a 427 travel: encrypted as phones read them today, or as plain JSON as Meta's table shows them.",
      }),
    ),
    answer: Type.Optional(
      Type.Record(Type.String({ pattern: FIELD_PATTERN }), Value, {
        ...closed,
        description:
          'Extra parameters of the final answer, beside `flow_token`: they come back in the webhook that reports the finished flow.',
        examples: [{ plan: { from: 'form.plan' } }],
      }),
    ),
    screens: Type.Record(Type.String({ pattern: SCREEN_PATTERN }), ScreenSchema, {
      ...closed,
      description:
        'Screen id of the Flow JSON → what the gateway does there. Every screen that asks the endpoint must be here.',
    }),
  },
  {
    ...closed,
    $defs: LOOSE_DEFINITIONS,
    title: 'flow.yaml',
    description: 'What the gateway does with one flow: fields, data and branches of its screens.',
  },
)

export type FlowFile = Static<typeof FlowFileSchema>
