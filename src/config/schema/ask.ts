import Type, { type Static } from 'typebox'
import { DescribedCondition } from './described.ts'
import { NAME_PATTERN, SCREEN_PATTERN } from './names.ts'
import { Value } from './value.ts'
import { Words } from './words.ts'

const closed = { additionalProperties: false } as const

const Message = Type.Object(
  {
    message: Words('What the person reads; they stay on their screen.', 'Our calendar is busy: try again in a minute.'),
  },
  { ...closed, description: '`{ message: … }`: the person stays on their screen and reads these words.' },
)

const Show = Type.Object(
  { show: Type.String({ pattern: SCREEN_PATTERN, description: 'The screen to show instead.', examples: ['CALL_US'] }) },
  {
    ...closed,
    description: '`{ show: SCREEN }`: another screen is shown. An edge must lead there from the screens that ask.',
  },
)

const Stale = Type.Literal('stale', {
  description: 'an older answer is used where the cache still has one, else the next of the list.',
})

const AcceptAndFlag = Type.Literal('accept_and_flag', {
  description: "the person goes on as if it had found nothing, and the ask's name is added to `session.flags`.",
})

const list = {
  minItems: 1,
  description: 'several of these; each is tried where the one before cannot help.',
} as const

/** What an ask does where its source cannot answer. */
export const AskFallback = Type.Union(
  [Stale, AcceptAndFlag, Message, Show, Type.Array(Type.Union([Stale, AcceptAndFlag, Message, Show]), list)],
  {
    title: 'Fallback',
    $comment: 'What to do where a source cannot answer in time. One of:',
    description:
      'What to do where the source cannot answer in time. Left out: what the source declares, else the person stays and reads `messages.sorry`.',
    examples: [['stale', { message: 'Our calendar is busy: try again in a minute.' }]],
  },
)

/** What a source declares for all asks that declare nothing themselves. */
export const SourceFallbackSchema = Type.Union(
  [Stale, AcceptAndFlag, Message, Type.Array(Type.Union([Stale, AcceptAndFlag, Message]), list)],
  {
    title: 'Source fallback',
    $comment: 'What to do where a source cannot answer in time. One of:',
    description:
      'What to do where it cannot answer in time and an ask declares nothing. Left out: the person stays and reads `messages.sorry`.',
    examples: [['stale', 'accept_and_flag']],
  },
)

/** Parameters of a query. */
const With = Type.Record(Type.String(), Value, {
  description: 'Parameter of the query → a value. Where one is absent nothing is asked.',
  examples: [{ department: { from: 'form.department' } }],
})

export const AskSchema = Type.Object(
  {
    source: Type.String({
      pattern: NAME_PATTERN,
      description: 'A source of `destinations.yaml`.',
      examples: ['calendar'],
    }),
    query: Type.String({ minLength: 1, description: 'One of the queries that source has.', examples: ['free_slots'] }),
    with: Type.Optional(With),
    when: Type.Optional(DescribedCondition('Ask only where this holds.', { 'form.department': { exists: true } })),
    take: Type.Optional(
      Type.Enum(['all', 'first'] as const, {
        default: 'all',
        description:
          '`all`: the whole answer, usually a list of rows. `first`: its first row alone; absent where there is none.',
      }),
    ),
    if_unavailable: Type.Optional(AskFallback),
  },
  {
    ...closed,
    title: 'Ask',
    description:
      'A question to a source, asked when a value, condition or check refers to `asked.<name>`. It is not asked while one of its parameters is absent or its `when` does not hold: then `asked.<name>` is absent.',
  },
)

export type AskFile = Static<typeof AskSchema>
export type AskFallbackFile = Static<typeof AskFallback>
