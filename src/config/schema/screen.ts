import Type, { type Static } from 'typebox'
import { DEFAULT_WAY_OUT_AFTER } from './defaults.ts'
import { DescribedCondition, DescribedValue } from './described.ts'
import { FieldSchema } from './field.ts'
import { FIELD_PATTERN, NAME_PATTERN, PART_PATTERN, SCREEN_PATTERN } from './names.ts'
import { Condition, Value } from './value.ts'
import { Words } from './words.ts'

const closed = { additionalProperties: false } as const

/** A screen of the Flow JSON. */
export const screenId = (description: string, example = 'CONTACT') =>
  Type.String({ pattern: SCREEN_PATTERN, description, examples: [example] })

const queue = Type.String({
  minLength: 1,
  maxLength: 80,
  description: 'With `escalate`: the queue of people who take over, at `session.queue` in the mapping.',
  examples: ['enterprise-sales'],
})

export const RuleSchema = Type.Object(
  {
    when: Type.Optional(Condition),
    show: Type.Optional(
      screenId(
        'The screen to show. The Flow JSON must have an edge to it, or from it, or it is the same screen. Beside `submit`: a terminal screen that thanks the person, instead of closing the flow at once.',
      ),
    ),
    submit: Type.Optional(Type.Literal(true, { description: 'The form is finished: accept it and close the flow.' })),
    escalate: Type.Optional(
      screenId(
        'Hands the person over to people: shows this terminal screen, and runs `hand_over` of the mapping once.',
        'WE_CALL_YOU',
      ),
    ),
    message: Type.Optional(
      Words('With `show`: what the person reads there in a snackbar.', 'You are registered already: please sign in.'),
    ),
    queue: Type.Optional(queue),
    resume: Type.Optional(
      Type.Literal(true, {
        description:
          'Goes on where an unfinished form was left: the furthest screen of its path that an edge leads to. Where nothing was left, the next rule is tried.',
      }),
    ),
  },
  {
    ...closed,
    title: 'Rule',
    description:
      'Where a screen leads: one of `show`, `submit`, `escalate`, `resume`. Without `when` it is the last resort and always applies.',
  },
)

export const TriggerSchema = Type.Object(
  {
    when: DescribedCondition('Which request it is: usually what the payload sends along (`sent`).', {
      'sent.trigger': 'date_selected',
    }),
    checks: Type.Optional(
      Type.Array(Type.String({ pattern: PART_PATTERN }), {
        description:
          'Ids of checks of this screen to run now. What they come to is at `checks.<id>`; nobody is held up by it.',
        examples: [['coupon']],
      }),
    ),
    tell: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Whether a check named here that does not hold is told at once, as on submit: at its `field`, else in a snackbar. `false`: only `checks.<id>` knows.',
      }),
    ),
    clear: Type.Optional(
      Type.Array(Type.String({ pattern: FIELD_PATTERN }), {
        description: 'Fields whose answers are taken out of the form, because they depended on what has changed.',
        examples: [['time']],
      }),
    ),
    show: Type.Optional(
      screenId('The screen to show. Left out: the same screen again, with its data worked out anew.'),
    ),
  },
  {
    ...closed,
    title: 'Trigger',
    description:
      'A request of this screen that is no submit: a selection, or a link or button that only checks something. The first whose `when` holds is taken; the answers that came are kept, and none is required.',
  },
)

export const CheckSchema = Type.Object(
  {
    id: Type.String({
      pattern: PART_PATTERN,
      description: 'Its name: in `checks.<id>.ok`, `.message` and `.value`, and in `triggers`.',
      examples: ['coupon'],
    }),
    that: DescribedCondition('What must hold.', { 'asked.coupon.valid': true }),
    when: Type.Optional(
      DescribedCondition('Where this does not hold, the check is passed over.', { 'form.coupon': { exists: true } }),
    ),
    field: Type.Optional(
      Type.String({
        pattern: FIELD_PATTERN,
        description: 'The field the message belongs to. Left out: a snackbar.',
        examples: ['coupon'],
      }),
    ),
    message: Words('What the person reads where it does not hold.', 'This coupon is not valid.'),
    ok_message: Type.Optional(Words('`checks.<id>.message` where it holds.', 'You save {asked.coupon.percent} %.')),
    value: Type.Optional(DescribedValue('`checks.<id>.value` where it holds.', { from: 'asked.coupon.percent' })),
    on_submit: Type.Optional(
      Type.Boolean({
        default: true,
        description:
          'Whether the screen cannot be left while it does not hold. `false`: only a trigger that names it runs it.',
      }),
    ),
  },
  {
    ...closed,
    title: 'Check',
    description:
      'Something that must hold once each answer of the screen is right in itself: fields compared with each other, or with what a source says.',
  },
)

export const ReserveSchema = Type.Object(
  {
    source: Type.String({
      pattern: NAME_PATTERN,
      description: 'A source that can hold things.',
      examples: ['calendar'],
    }),
    reserve: Type.String({ minLength: 1, description: 'Its query that takes one.', examples: ['hold_slot'] }),
    release: Type.String({ minLength: 1, description: 'Its query that gives it back.', examples: ['free_slot'] }),
    with: Type.Record(Type.String(), Value, {
      description: 'Parameter → a value, for both queries. The key it is held under is added by itself.',
      examples: [{ slot: { from: 'form.slot' } }],
    }),
    field: Type.Optional(
      Type.String({
        pattern: FIELD_PATTERN,
        description: 'The field the message belongs to. Left out: a snackbar.',
        examples: ['slot'],
      }),
    ),
    taken: Words(
      'What the person reads where somebody else was first.',
      'This time was just taken: choose another one.',
    ),
  },
  {
    ...closed,
    title: 'Reservation',
    description:
      'Something only one person can have, held when the screen is left. It is given back when the person chooses another one or the session expires unfinished.',
  },
)

const RepeatSchema = Type.Object(
  {
    into: Type.String({
      pattern: FIELD_PATTERN,
      description:
        'Where the list is collected: `form.<into>`, one object of the fields of this screen for each round.',
      examples: ['applicants'],
    }),
    times: DescribedValue('How many items the list must have: a number.', { from: 'form.how_many' }),
  },
  {
    ...closed,
    title: 'Repeat',
    description:
      'The screen is shown until the list has this many items; `session.round` counts from 1. Its fields are empty at the beginning of each round.',
  },
)

const WayOutSchema = Type.Object(
  {
    after: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, default: DEFAULT_WAY_OUT_AFTER, description: 'Refusals in a row.' }),
    ),
    show: Type.Optional(screenId('The screen to show then.', 'CALL_US')),
    escalate: Type.Optional(screenId('The terminal screen to show while people take over.', 'WE_CALL_YOU')),
    queue: Type.Optional(queue),
  },
  {
    ...closed,
    title: 'Way out',
    description: 'What happens when the answers of a screen are refused again and again: either `show` or `escalate`.',
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
    triggers: Type.Optional(
      Type.Array(TriggerSchema, {
        minItems: 1,
        description: 'Requests of this screen that are no submit: selections, links, a "Verify" button.',
        examples: [[{ when: { 'sent.trigger': 'date_selected' }, clear: ['time'] }]],
      }),
    ),
    checks: Type.Optional(
      Type.Array(CheckSchema, { minItems: 1, description: 'What must hold before the screen is left, in this order.' }),
    ),
    reserves: Type.Optional(
      Type.Record(Type.String({ pattern: PART_PATTERN }), ReserveSchema, {
        ...closed,
        description: 'What is held for the person when the screen is left, by name.',
      }),
    ),
    keep: Type.Optional(
      Type.Record(Type.String({ pattern: FIELD_PATTERN }), Value, {
        ...closed,
        description:
          'Worked out when the screen is left and kept with the answers, at `form.<name>`, for later screens and the mapping. No phone can send or change it.',
        examples: [{ price: { from: 'asked.offer.price' } }],
      }),
    ),
    repeat: Type.Optional(RepeatSchema),
    way_out: Type.Optional(WayOutSchema),
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

export type ScreenFile = Static<typeof ScreenSchema>
export type RuleFile = Static<typeof RuleSchema>
export type TriggerFile = Static<typeof TriggerSchema>
export type CheckFile = Static<typeof CheckSchema>
export type ReserveFile = Static<typeof ReserveSchema>
export type WayOutFile = Static<typeof WayOutSchema>
