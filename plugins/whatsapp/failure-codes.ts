import type { Explanations } from 'flowgate/plugin'

/** What each failure of this plugin means and what cures it: for `flowgate error` and the tables in the documentation. */
export const failureCodes: Explanations = {
  FG_WHATSAPP_CREDENTIALS: {
    meaning: 'Meta refuses the access token, or it lacks a permission for the account; the destination is paused.',
    cure: 'Make a new token of the system user with `whatsapp_business_messaging`, then resume the destination.',
  },
  FG_WHATSAPP_ACCOUNT: {
    meaning:
      'Meta sends nothing for this account or number: payment, restriction or registration; the destination is paused.',
    cure: 'Look into WhatsApp Manager for what the message names, then resume the destination.',
  },
  FG_WHATSAPP_TEMPLATE: {
    meaning: 'The template is missing, not approved, paused, or has other variables; the destination is paused.',
    cure: 'Correct the template in WhatsApp Manager or `template` in the configuration, then resume the destination.',
  },
  FG_WHATSAPP_VALUE: {
    meaning: 'Meta does not take a value of the request.',
    cure: 'Check `phone_number_id`, `template` and the number of the recipient, then replay or resume.',
  },
  FG_WHATSAPP_ADDRESS: {
    meaning: 'What answers at `api_url` is not the Graph API; the destination is paused.',
    cure: 'Correct `api_url`, or look at any proxy in between, then resume the destination.',
  },
  FG_WHATSAPP_REFUSED: {
    meaning: 'Meta does not send this message, or nothing to this recipient, for the reason shown.',
    cure: 'Tell the recipient in another way, or correct the number or the mapping, then replay.',
  },
  FG_WHATSAPP_RECIPIENT_UNKNOWN: {
    meaning: 'The mapping names a recipient that the destination does not have.',
    cure: 'Add it to `recipients`, or correct the mapping, then replay.',
  },
  FG_WHATSAPP_NO_NUMBER: {
    meaning: 'The mapping sends to the person who filled the form, and no WhatsApp number of theirs is known.',
    cure: 'Tell the person by e-mail, or name a recipient, then replay.',
  },
  FG_WHATSAPP_POSSIBLY_SENT: {
    meaning: 'An earlier try may have been accepted, and Meta cannot be asked.',
    cure: 'Ask the recipient, then replay the delivery, which marks it, or drop it.',
  },
  FG_WHATSAPP_RATE_LIMIT: {
    meaning: 'Meta limits the rate of the number, of the account, or towards one recipient.',
    cure: 'Nothing; if it happens daily, spread alerts over more recipients.',
  },
  FG_WHATSAPP_UNAVAILABLE: {
    meaning: 'Meta has trouble of its own.',
    cure: 'Nothing; it is tried again as far as it cannot be sent twice.',
  },
  FG_WHATSAPP_UNREADABLE: {
    meaning: 'Meta answered a success without the id of a message, as a proxy does.',
    cure: 'If it lasts, look at `api_url` and any proxy.',
  },
  FG_WHATSAPP_UNREACHABLE: {
    meaning:
      'There is no connection to Meta, or none that can be trusted: name resolution, network, firewall or certificate.',
    cure: 'If it lasts, check the network and `api_url`.',
  },
  FG_WHATSAPP_REPLY_LOST: {
    meaning: 'The connection broke before the answer was there.',
    cure: 'Nothing; the next try becomes `unknown`, since it may have been sent.',
  },
  FG_WHATSAPP_TIMEOUT: {
    meaning: 'Meta did not answer in time.',
    cure: 'Nothing; the next try becomes `unknown`, since it may have been sent.',
  },
}
