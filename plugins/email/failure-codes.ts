import type { Explanations } from 'flowgate/plugin'

/** What each failure of this plugin means and what cures it: for `flowgate error` and the tables in the documentation. */
export const failureCodes: Explanations = {
  FG_EMAIL_CREDENTIALS: {
    meaning: 'The mail server refuses username and password, or wants them; the destination is paused.',
    cure: 'Set the current ones (some providers want a password made for apps), then resume the destination.',
  },
  FG_EMAIL_TLS: {
    meaning: 'No trusted encrypted connection could be made; the destination is paused.',
    cure: "Check `host`, `port` and `security`, the server's certificate and `ca`, then resume the destination.",
  },
  FG_EMAIL_SENDER_REFUSED: {
    meaning: 'The mail server does not let this account send from the address in `from`; the destination is paused.',
    cure: 'Correct `from`, or allow it at the server, then resume the destination.',
  },
  FG_EMAIL_SERVER_REFUSES: {
    meaning:
      'The mail server turns us away before anything is sent, often for our IP address; the destination is paused.',
    cure: 'Ask whoever runs the server with the reply code shown, then resume the destination.',
  },
  FG_EMAIL_SETTINGS: {
    meaning: 'The settings contradict each other, or the DKIM key is none.',
    cure: 'Correct what the message names in `destinations.yaml`.',
  },
  FG_EMAIL_RECIPIENT_UNKNOWN: {
    meaning: 'The mapping names a recipient that the destination does not have.',
    cure: 'Add it to `recipients`, or correct the mapping, then replay.',
  },
  FG_EMAIL_NO_ADDRESS: {
    meaning: 'The mapping sends to the person who filled the form, and no verified address of theirs is known.',
    cure: 'Put the address into the token of the link that is sent out, or name a recipient, then replay.',
  },
  FG_EMAIL_RECIPIENT_REFUSED: {
    meaning: 'The mail server refuses every recipient of the message.',
    cure: 'Correct the addresses in the configuration or in the CRM, then replay.',
  },
  FG_EMAIL_PARTLY_REFUSED: {
    meaning: 'The mail server refuses some of the recipients; the others have the message.',
    cure: 'Correct the addresses, or tell those whom it refused for now by hand; replay only if all may have the message once more.',
  },
  FG_EMAIL_REFUSED: {
    meaning: 'The mail server refuses the message for its content or size.',
    cure: 'Look the reply code up, change the notification in the mapping, then replay.',
  },
  FG_EMAIL_POSSIBLY_SENT: {
    meaning: 'An earlier try may have been sent, and mail servers cannot be asked.',
    cure: 'Ask a recipient, then replay the delivery, which marks it, or drop it.',
  },
  FG_EMAIL_RATE_LIMIT: {
    meaning: 'The mail server limits the rate, greylists us, or says that the account has sent what it may in a day.',
    cure: 'Nothing; if it happens daily, set a lower budget for the destination.',
  },
  FG_EMAIL_BUSY: {
    meaning: 'The mail server cannot take the message now.',
    cure: 'Nothing, unless it lasts: then ask whoever runs the server with the reply code shown.',
  },
  FG_EMAIL_UNREACHABLE: {
    meaning: 'There is no connection to the mail server: name resolution, network or firewall.',
    cure: 'If it lasts, check `host`, `port` and whether the port is open from here.',
  },
  FG_EMAIL_TIMEOUT: {
    meaning: 'The mail server did not answer in time, and nothing was sent.',
    cure: 'Nothing; it is tried again.',
  },
  FG_EMAIL_REPLY_LOST: {
    meaning: 'The connection broke after the message was handed over.',
    cure: 'Nothing; the next try becomes `unknown`, since it may have been sent.',
  },
}
