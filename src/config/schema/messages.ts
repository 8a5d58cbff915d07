import Type, { type Static } from 'typebox'
import { DEFAULT_MESSAGES } from './defaults.ts'
import { Words } from './words.ts'

const message = (description: string, standard: string) => Type.Optional(Words(description, undefined, standard))

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
    moved: message(
      'The phone shows another screen than the gateway knows, and `stale_client: repaint` brings it back.',
      DEFAULT_MESSAGES.moved,
    ),
  },
  {
    additionalProperties: false,
    title: 'Messages',
    description: 'Words a person may read, in the language of the form.',
  },
)

export type MessagesFile = Static<typeof MessagesSchema>
