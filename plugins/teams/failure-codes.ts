import type { Explanations } from 'flowgate/plugin'

/** What each failure of this plugin means and what cures it: for `flowgate error` and the tables in the documentation. */
export const failureCodes: Explanations = {
  FG_TEAMS_WORKFLOW_GONE: {
    meaning:
      "Nothing is at the workflow's URL any more: it was removed; the destination is paused until its settings change or a person resumes it.",
    cure: 'Make a new workflow, put its URL into the configuration and restart.',
  },
  FG_TEAMS_WORKFLOW_OFF: {
    meaning:
      'The workflow is switched off or deleted, often because its owner has left; the destination is paused until its settings change or a person resumes it.',
    cure: 'Switch it on in Power Automate, then resume the destination; or make a new one with a co-owner, put its URL into the configuration and restart.',
  },
  FG_TEAMS_CREDENTIALS: {
    meaning:
      'The signature in the URL is refused, or the workflow is not open to anyone; the destination is paused until its settings change or a person resumes it.',
    cure: 'Copy the whole URL again and restart; or let the trigger take requests from anyone, then resume the destination.',
  },
  FG_TEAMS_URL_RETIRED: {
    meaning: 'The URL is of an Office 365 connector or of Logic Apps, which Microsoft has switched off.',
    cure: 'Make a workflow from the template "Send webhook alerts to a channel" and use its URL.',
  },
  FG_TEAMS_URL: {
    meaning: 'The URL is not that of a workflow, or a part of it is missing.',
    cure: 'Copy the whole URL from the workflow, with `:443` and everything after the question mark.',
  },
  FG_TEAMS_ADDRESS: {
    meaning: 'The URL answers with a redirect, as a login page or a proxy does; the destination is paused.',
    cure: 'Copy the URL again and look at any proxy in between, then resume the destination.',
  },
  FG_TEAMS_RECIPIENT_UNKNOWN: {
    meaning: 'The mapping names a recipient that the destination does not have.',
    cure: 'Add it to `recipients`, or correct the mapping, then replay.',
  },
  FG_TEAMS_PERSON: {
    meaning: 'The mapping sends to the person who filled the form, whom Teams does not know.',
    cure: 'Tell the person by e-mail or WhatsApp, or name a recipient of the destination, then replay.',
  },
  FG_TEAMS_REFUSED: {
    meaning: 'The workflow refused the message, for example because its trigger was given a schema of its own.',
    cure: 'Make the workflow from the template again, or correct its trigger, then replay.',
  },
  FG_TEAMS_TOO_LARGE: {
    meaning: 'Teams finds the message too large.',
    cure: 'Shorten texts or leave facts out in the mapping, then replay.',
  },
  FG_TEAMS_CARD: {
    meaning: 'The message would not be shown, so it was not sent: a fault of Flowgate itself.',
    cure: 'Report it with the version and the shape of the mapping, and simplify the notification until then.',
  },
  FG_TEAMS_POSSIBLY_SENT: {
    meaning: 'An earlier try may have been accepted, and Teams cannot be asked.',
    cure: 'Look into the channel, then replay the delivery, which marks it, or drop it.',
  },
  FG_TEAMS_RATE_LIMIT: {
    meaning: 'Teams or Power Automate limits the rate.',
    cure: 'Nothing; if it happens daily, look at the limits of the plan of the owner of the workflow.',
  },
  FG_TEAMS_UNAVAILABLE: {
    meaning: 'Power Automate has trouble of its own.',
    cure: 'Nothing; it is tried again as far as it cannot be sent twice.',
  },
  FG_TEAMS_PAGE: {
    meaning: 'A web page answered with a success, as a sign-in page or a proxy does, and no workflow.',
    cure: 'Copy the URL again and look at any proxy in between; the next try becomes `unknown`, since it may have been sent.',
  },
  FG_TEAMS_UNREACHABLE: {
    meaning: "There is no connection to the workflow's address, or none that can be trusted.",
    cure: 'If it lasts, check the network, certificates and any proxy.',
  },
  FG_TEAMS_REPLY_LOST: {
    meaning: 'The connection broke before the answer was there.',
    cure: 'Nothing; the next try becomes `unknown`, since it may have been sent.',
  },
  FG_TEAMS_TIMEOUT: {
    meaning: 'Teams did not answer in time.',
    cure: 'Nothing; the next try becomes `unknown`, since it may have been sent.',
  },
}
