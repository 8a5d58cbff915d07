import type { Explanations } from 'flowgate/plugin'

/** What an operator is told of the failures that are of this plugin's own making. */
export const failureCodes: Explanations = {
  FG_SLACK_RECIPIENT_UNKNOWN: {
    meaning: "A message is for somebody whom the destination's `recipients` do not name.",
    cure: 'Add the name to `recipients` or correct it in the mapping, then replay the delivery.',
  },
  FG_SLACK_RECIPIENT_UNREACHABLE: {
    meaning: 'A message is for a person of `recipients` to whom the app cannot write.',
    cure: "Correct the person's id and give the app the scope im:write, then replay the delivery.",
  },
  FG_SLACK_RECIPIENT_PERSON: {
    meaning: 'A message is for the person who filled the form, whom Slack does not reach.',
    cure: 'Send such messages by e-mail or WhatsApp, or name a recipient of the workspace.',
  },
}
