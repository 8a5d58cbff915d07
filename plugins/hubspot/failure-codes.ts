import type { Explanations } from 'flowgate/plugin'

/** What each failure of this plugin means and what cures it: for `flowgate error` and the tables in the documentation. */
export const failureCodes: Explanations = {
  FG_HUBSPOT_FIELD_REFUSED: {
    meaning:
      'HubSpot refused the named properties: no such property, no such option, not a number, or a rule of the account.',
    cure: 'Correct the mapping, or the property in HubSpot, then replay.',
  },
  FG_HUBSPOT_RECORD_REFUSED: {
    meaning: 'HubSpot refused the record and named no property.',
    cure: "Look the correlation id up in HubSpot's logs of the key, correct what it names, then replay.",
  },
  FG_HUBSPOT_VALUE_SHAPE: {
    meaning: 'A field holds an object or nested lists.',
    cure: 'Correct the mapping, then replay.',
  },
  FG_HUBSPOT_MATCH_EMPTY: {
    meaning: 'An upsert had no value to match by.',
    cure: 'Make the field required, or choose another `match`, then replay.',
  },
  FG_HUBSPOT_MATCH_NOT_UNIQUE: {
    meaning: '`match` names a property without unique values.',
    cure: 'Match by `email` or a unique property, then replay.',
  },
  FG_HUBSPOT_NOT_FOUND: {
    meaning:
      'The object, or a record to link to or to ask about, does not exist; it may be deleted, or so new that HubSpot does not show it everywhere yet.',
    cure: 'Nothing at first, a record is asked for again; where it lasts, correct the mapping, or replay the record it links to.',
  },
  FG_HUBSPOT_GONE: {
    meaning: 'The record that was found, or chosen, is no longer in HubSpot.',
    cure: 'Nothing at first, it is looked for anew; where it lasts, replay.',
  },
  FG_HUBSPOT_TAKEN: {
    meaning:
      'Another record already has a value that only one can have, mostly the e-mail address: `match` found none, or another one.',
    cure: 'Merge the two in HubSpot, or choose the other record, then replay.',
  },
  FG_HUBSPOT_AMBIGUOUS: {
    meaning: 'Several records have the value that one is looked up by, so none is chosen.',
    cure: 'Choose one, look up by a unique property, or merge the records in HubSpot.',
  },
  FG_HUBSPOT_FIND_REFUSED: {
    meaning:
      'A source or a mapping looks records up by an object or a property that HubSpot does not have, or cannot look up by.',
    cure: "Correct `object` or `by` of the source's query, or `match` of the mapping.",
  },
  FG_HUBSPOT_OWNER_UNKNOWN: {
    meaning: 'No active user of the account has the e-mail address in `hubspot_owner_id`.',
    cure: 'Correct the mapping, or add the user in HubSpot, then replay.',
  },
  FG_HUBSPOT_PIPELINE_UNKNOWN: {
    meaning: 'The account has no pipeline of that id or label; the message names those it has.',
    cure: 'Correct the mapping, then replay.',
  },
  FG_HUBSPOT_STAGE_UNKNOWN: {
    meaning:
      'The pipeline has no stage of that id or label, or several pipelines have one; the message names those there are.',
    cure: 'Correct the mapping, or write the pipeline as well, then replay.',
  },
  FG_HUBSPOT_FILE_REFUSED: {
    meaning: 'HubSpot does not take a file: its kind or its size.',
    cure: 'Leave files of this kind out of `files`, then replay.',
  },
  FG_HUBSPOT_NOT_PREPARED: {
    meaning:
      'The submission property is missing on the object, or on notes, which files hang on; the destination is paused, unless only a record that somebody chose to be new needs it: then that one fails.',
    cure: 'Run `flowgate destinations prepare`, then resume the destination; for a record chosen to be new, add the property to the object, then replay, or choose a record.',
  },
  FG_HUBSPOT_CREDENTIALS: {
    meaning: 'The token is wrong, expired or revoked; the destination is paused.',
    cure: 'Set a valid token, then resume the destination.',
  },
  FG_HUBSPOT_OAUTH: {
    meaning: 'HubSpot gives no access token for the app in `oauth`; the destination is paused.',
    cure: 'Check the client ID and secret; where the app was uninstalled, install it again and set the new refresh token; then resume the destination.',
  },
  FG_HUBSPOT_REVOKED: {
    meaning: 'The HubSpot account was deleted, or has disconnected the app; the destination is paused.',
    cure: 'Install the app again and set the new refresh token, then resume the destination.',
  },
  FG_HUBSPOT_SCOPES: {
    meaning: 'The token lacks the named scopes; the destination is paused.',
    cure: 'Add them to the key or the app, then resume the destination.',
  },
  FG_HUBSPOT_ADDRESS: {
    meaning: 'What answers at `base_url` is not HubSpot; the destination is paused.',
    cure: 'Correct `base_url`, then resume the destination.',
  },
  FG_HUBSPOT_RATE_LIMIT: {
    meaning: 'The account has reached a limit of calls.',
    cure: 'Nothing; if it happens daily, check `plan`, or look which other integration uses the calls.',
  },
  FG_HUBSPOT_MIGRATION: {
    meaning: 'HubSpot moves the account to another data centre, for up to 24 hours.',
    cure: 'Nothing; the deliveries wait as long.',
  },
  FG_HUBSPOT_CONFLICT: {
    meaning: 'Another write hit the same record at the same time.',
    cure: 'Nothing; it is tried again.',
  },
  FG_HUBSPOT_LOCKED: {
    meaning: 'Many writes hold the record locked for some seconds.',
    cure: 'Nothing; it is tried again.',
  },
  FG_HUBSPOT_NOTHING_WRITTEN: {
    meaning: 'HubSpot said yes and wrote nothing.',
    cure: 'Nothing; it is tried again.',
  },
  FG_HUBSPOT_UNAVAILABLE: {
    meaning: 'HubSpot has trouble of its own.',
    cure: 'Nothing; it is tried again.',
  },
  FG_HUBSPOT_UNREADABLE: {
    meaning: 'HubSpot answered a success that is not JSON, or not of its form, as a proxy sends it.',
    cure: 'Nothing; if it lasts, look at the proxy.',
  },
  FG_HUBSPOT_UNREACHABLE: {
    meaning: 'There is no connection to HubSpot: name resolution, network or certificate.',
    cure: 'If it lasts, check the network and `base_url`.',
  },
  FG_HUBSPOT_TIMEOUT: {
    meaning: 'HubSpot did not answer in time.',
    cure: 'Nothing; it is tried again.',
  },
}
