import Type from 'typebox'
import { ITEM_ID_PATTERN } from './names.ts'

/** The name of a record or notification. */
export const Id = Type.String({
  pattern: ITEM_ID_PATTERN,
  description:
    'Its name in this file, in `after`, `links`, `records.<id>`, the log and replays. Must be unique in the file.',
  examples: ['contact'],
})

/** Where it goes. */
export const To = Type.String({
  minLength: 1,
  description:
    'A destination of `destinations.yaml`: a CRM for a record, a notification destination for a notification.',
  examples: ['hubspot'],
})

/** What is delivered before it. */
export const After = Type.Array(Type.String(), {
  description:
    'Ids of records that must be delivered before. A `records.<id>` anywhere in the entry waits as well, without being named here.',
  examples: [['contact']],
})

/** A text that is not empty. */
export const text = (description: string, example: string) =>
  Type.String({ minLength: 1, description, examples: [example] })
