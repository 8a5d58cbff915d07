import Type, { type Static } from 'typebox'
import { DEFAULT_IDLE_EXPIRY, DEFAULT_MESSAGES, DEFAULT_PURGE_AFTER } from './defaults.ts'
import { FieldSchema } from './field.ts'
import { FIELD_PATTERN, NAME_PATTERN, SCREEN_PATTERN } from './names.ts'
import { Condition, LOOSE_DEFINITIONS, Value } from './value.ts'

export type { FieldFile } from './field.ts'

const closed = { additionalProperties: false } as const

const screenId = (description: string) => Type.String({ pattern: SCREEN_PATTERN, description, examples: ['CONTACT'] })

export const RuleSchema = Type.Object(
  {
    when: Type.Optional(Condition),
    show: Type.Optional(
      screenId('The screen to show. The Flow JSON must have an edge to it, or from it, or it is the same screen.'),
    ),
    submit: Type.Optional(Type.Literal(true, { description: 'The form is finished: accept it and close the flow.' })),
  },
  {
    ...closed,
    title: 'Rule',
    description:
      'Where a screen leads: either `show` or `submit`. Without `when` it is the last resort and always applies.',
  },
)

export const ScreenSchema = Type.Object(
  {
    fields: Type.Optional(
      Type.Record(Type.String({ pattern: FIELD_PATTERN }), FieldSchema, {
        ...closed,
        description: 'The answers this screen sends, by the key its data_exchange payload gives them.',
        examples: [{ email: { type: 'email', required: true } }],
      }),
    ),
    data: Type.Optional(
      Type.Record(Type.String({ pattern: FIELD_PATTERN }), Value, {
        ...closed,
        description:
          'What the screen is shown with: data key of the Flow JSON → a value. Keys bound to `error-messages`, `error-message`, `init-values` and `init-value` are filled by the gateway.',
        examples: [{ greeting: { template: 'Hello {form.full_name}' } }],
      }),
    ),
    next: Type.Optional(
      Type.Array(RuleSchema, {
        minItems: 1,
        description:
          'What follows once the answers are right. The first rule that applies wins; the last one has no `when`.',
        examples: [[{ when: { 'form.company_size': { gte: 50 } }, show: 'ENTERPRISE' }, { show: 'NEEDS' }]],
      }),
    ),
  },
  { ...closed, title: 'Screen', description: 'One screen of the Flow JSON: its answers, its data, what follows.' },
)

const message = (description: string, words: string) =>
  Type.Optional(Type.String({ minLength: 1, description, default: words }))

export const MessagesSchema = Type.Object(
  {
    expired: message('The token or the session is over.', DEFAULT_MESSAGES.expired),
    sorry: message('The gateway could not go on; the person stays where they are.', DEFAULT_MESSAGES.sorry),
    busy: message('Too many requests in a minute.', DEFAULT_MESSAGES.busy),
    check_answers: message(
      'Several answers were refused and the screen has no places for their messages.',
      DEFAULT_MESSAGES.check_answers,
    ),
    incomplete: message(
      'Required answers of earlier screens are missing, so the form is not accepted.',
      DEFAULT_MESSAGES.incomplete,
    ),
    required: message('A required field has no answer.', DEFAULT_MESSAGES.required),
    invalid: message('An answer was refused.', DEFAULT_MESSAGES.invalid),
  },
  { ...closed, title: 'Messages', description: 'Words a person may read, in the language of the form.' },
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
      description: 'Your own name for this version, in quotes: `flow.version` in values.',
      examples: ['1'],
    }),
    tokens: Type.Optional(
      Type.Enum(['any', 'minted'] as const, {
        default: 'any',
        description: 'Which `flow_token` opens the flow: `any`, or only those `minted` by this gateway.',
      }),
    ),
    first_screen: screenId('The screen INIT answers: one that no edge of the Flow JSON leads to.'),
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
export type ScreenFile = Static<typeof ScreenSchema>
export type RuleFile = Static<typeof RuleSchema>
export type MessagesFile = Static<typeof MessagesSchema>
