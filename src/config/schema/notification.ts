import Type, { type Static } from 'typebox'
import { DescribedValue } from './described.ts'
import { After, Id, To, text } from './item.ts'
import { Condition, Value } from './value.ts'

const closed = { additionalProperties: false } as const

const LinkSchema = Type.Object(
  {
    label: text('The text of the button or link.', 'Open in HubSpot'),
    url: text('A template. Where it leads nowhere the message goes without a link.', '{records.contact.url}'),
  },
  { ...closed, title: 'Link', description: 'A button or link below the message.' },
)

export const NotificationSchema = Type.Object(
  {
    id: Id,
    to: To,
    when: Type.Optional(Condition),
    after: Type.Optional(After),
    recipient: Type.Optional(
      DescribedValue(
        "Who is told, where that is not always the same. A value that names an entry of the destination's `recipients`; or `{ owner_of: contact, default: everyone }`: who owns that record in the CRM, else the entry `default`; or `{ person: email }` or `{ person: phone }`: the person, by an address that came with the token or from WhatsApp. Left out: the destination's own channel or address.",
        { from: 'form.budget', lookup: { over_50k: 'vip' }, default: 'everyone' },
      ),
    ),
    notify_late_after: Type.Optional(
      Type.String({
        default: '15m',
        description:
          'How long after the submission the message goes out without its link, and says so, where its records are not confirmed by then; it is completed when they are. A whole number and `s`, `m`, `h` or `d`, or `never`.',
        examples: ['15m', 'never'],
      }),
    ),
    title: text('A template: plain text, escaped for the channel.', 'New lead: {form.full_name}'),
    text: Type.Optional(text('A template: plain text, escaped for the channel.', '{form.full_name} asks for a call.')),
    facts: Type.Optional(
      Type.Record(Type.String(), Value, {
        description: 'Label → a value, shown as a small table. Absent values are left out.',
        examples: [{ Budget: { from: 'form.budget' } }],
      }),
    ),
    link: Type.Optional(LinkSchema),
  },
  { ...closed, title: 'Notification', description: 'One message to people.' },
)

export type NotificationFile = Static<typeof NotificationSchema>
