import type { Explanations } from 'flowgate/plugin'

/** What each failure of this plugin means and what cures it. Those of messages have their own besides. */
export const failureCodes: Explanations = {
  FG_WEBHOOK_SETTINGS: {
    meaning: 'The settings of the destination have a mistake that the message names.',
    cure: 'Correct them in `destinations.yaml`.',
  },
  FG_WEBHOOK_CREDENTIALS: {
    meaning:
      'The receiver answered 401 or 403: it does not know the signature, or wants a header; the destination is paused.',
    cure: 'Give both sides the same secret, or correct `headers`, then resume the destination.',
  },
  FG_WEBHOOK_REDIRECT: {
    meaning:
      'The receiver answered with a redirect, and none is followed, for it could lead anywhere; the destination is paused.',
    cure: 'Write the address it points to into `url`, then resume the destination.',
  },
  FG_WEBHOOK_ADDRESS: {
    meaning: 'The receiver answered 404; the destination is paused.',
    cure: 'Correct `url`, then resume the destination.',
  },
  FG_WEBHOOK_GONE: {
    meaning:
      'The receiver answered 410: it wants no more events; the destination is paused until its settings change or a person resumes it.',
    cure: 'Ask whoever runs it, then correct `url` and restart, or resume the destination, or take it out of the mappings and drop what waits.',
  },
  FG_WEBHOOK_REFUSED: {
    meaning: 'The receiver refused this event with another status of 4xx.',
    cure: 'Compare what the mapping makes with what the receiver takes, then replay.',
  },
  FG_WEBHOOK_FILES: {
    meaning: 'The record has files, and an event carries none.',
    cure: 'Take `files` out of the record in the mapping, then replay.',
  },
  FG_WEBHOOK_BUSY: {
    meaning: 'The receiver asks for time, by 429 or with `Retry-After`.',
    cure: 'Nothing; where it happens often, set `limits` or lower `at_once`.',
  },
  FG_WEBHOOK_UNAVAILABLE: {
    meaning: 'The receiver could not be reached, did not answer in time, or answered 408, 425 or 5xx.',
    cure: 'Nothing at first; if it lasts, look at the receiver and at the network between.',
  },
}

/** What only the failures of a message mean. */
export const messageFailureCodes: Explanations = {
  FG_WEBHOOK_RECIPIENT_UNKNOWN: {
    meaning: 'The mapping names a recipient that the destination does not have.',
    cure: 'Add the name to `recipients` of the destination, or correct the mapping, then replay.',
  },
  FG_WEBHOOK_RECIPIENT_PERSON: {
    meaning:
      'The mapping sends this message to the person who filled the form, and a webhook reaches only your own receivers.',
    cure: 'Send it by e-mail or WhatsApp, or name a recipient, then replay.',
  },
}
