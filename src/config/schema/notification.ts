import Type, { type Static } from 'typebox'
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
