import type { Explanations } from 'flowgate/plugin'

/** What each failure of this plugin means and what cures it: for `flowgate error` and the tables in the documentation. */
export const failureCodes: Explanations = {
  FG_SALESFORCE_FIELD_REFUSED: {
    meaning:
      'Salesforce refused the named fields: no such field, read-only for the user, required, too long, or no such picklist value.',
    cure: 'Correct the mapping, the field or its permissions, then replay.',
  },
  FG_SALESFORCE_RECORD_REFUSED: {
    meaning: 'Salesforce refused the record and named no field.',
    cure: 'Look the code in the message up in the Salesforce documentation, correct what it says, then replay.',
  },
  FG_SALESFORCE_RULE: {
    meaning: 'A validation rule or a trigger of the org refused the record, in the words of whoever wrote it.',
    cure: 'Correct the mapping, or the rule in Salesforce, then replay.',
  },
  FG_SALESFORCE_AUTOMATION: {
    meaning: 'A trigger or a flow of the org failed over the record.',
    cure: "Have the org's administrator look into the debug log, then replay.",
  },
  FG_SALESFORCE_VALUE_SHAPE: {
    meaning: 'A field holds an object or nested lists.',
    cure: 'Correct the mapping, then replay.',
  },
  FG_SALESFORCE_NAME: {
    meaning: 'A name in the mapping cannot be the API name of an object or a field.',
    cure: 'Write API names, such as `LastName` or `Order__c`, then replay.',
  },
  FG_SALESFORCE_MATCH_EMPTY: {
    meaning: 'An upsert had no value to match by.',
    cure: 'Make the field required, or choose another `match`, then replay.',
  },
  FG_SALESFORCE_MATCH_UNFIT: {
    meaning: 'The value to match by is too long, of another type than the field, or holds control characters.',
    cure: 'Limit the field of the flow, or choose another `match`, then replay.',
  },
  FG_SALESFORCE_AMBIGUOUS: {
    meaning: 'Several records have the value looked for, so none is chosen.',
    cure: 'Choose one with `flowgate deliveries choose`, merge them, or make the field unique in Salesforce.',
  },
  FG_SALESFORCE_DUPLICATE: {
    meaning:
      'A duplicate rule of the org found the record there already, and no setting or no single match says what to do.',
    cure: 'Choose the record to update with `flowgate deliveries choose`, or set `duplicates` and replay.',
  },
  FG_SALESFORCE_VALUE_TAKEN: {
    meaning: 'Another record has the value of a unique field that is not the match.',
    cure: 'Choose that record with `flowgate deliveries choose`, or correct the mapping and replay.',
  },
  FG_SALESFORCE_CONVERTED_LEAD: {
    meaning: 'The lead was converted, and it has no contact to write to or the settings refuse that.',
    cure: 'Set `converted_leads: contact`, or write the contact by hand.',
  },
  FG_SALESFORCE_NOT_FOUND: {
    meaning:
      'The object, the field to match by, or a record to write or link to does not exist, is deleted or is hidden.',
    cure: 'Correct the mapping or the permissions, or replay the record it links to.',
  },
  FG_SALESFORCE_FIND_REFUSED: {
    meaning: 'A record is looked up by an object or a field that the org does not have, or that cannot be searched by.',
    cure: "Correct `object` or `by` of the source's query, or `match` of the mapping.",
  },
  FG_SALESFORCE_LINK: {
    meaning:
      'A link between two records cannot be made: no lookup field leads from one to the other, several do, or Salesforce refuses it.',
    cure: 'Name the field in `link_fields`, correct what the message says, or take the link out of the mapping, then replay.',
  },
  FG_SALESFORCE_FILE_TOO_LARGE: {
    meaning: 'A file is larger than the 37 MB that Salesforce takes in one request; the record itself is written.',
    cure: 'Attach it by hand, and limit the size of files in the flow.',
  },
  FG_SALESFORCE_FILE_REFUSED: {
    meaning: 'Salesforce refused a file; the record itself is written.',
    cure: "Correct what the message says, such as the user's rights or a rule of the org for files, then replay.",
  },
  FG_SALESFORCE_NOT_PREPARED: {
    meaning: 'The submission field is missing or hidden; the destination is paused.',
    cure: 'Follow what `flowgate destinations prepare` says, then resume the destination.',
  },
  FG_SALESFORCE_CREDENTIALS: {
    meaning:
      'Salesforce does not let the app or its user sign in, or refuses every session; the destination is paused.',
    cure: 'Correct what the message says, then resume the destination.',
  },
  FG_SALESFORCE_ACCESS: {
    meaning:
      'The org, the integration user or a firewall in between does not let the API be used; the destination is paused.',
    cure: 'Grant "API Enabled" to the user or use an edition with API access, then resume the destination.',
  },
  FG_SALESFORCE_VERSION: {
    meaning: 'The org does not have the version of the API that is set; the destination is paused.',
    cure: 'Set a newer `api_version`, then resume the destination.',
  },
  FG_SALESFORCE_STORAGE: {
    meaning: 'The storage of the org is full; the destination is paused.',
    cure: 'Make room or buy some, then resume the destination.',
  },
  FG_SALESFORCE_ADDRESS: {
    meaning: 'What answers at `login_url` is not Salesforce; the destination is paused.',
    cure: 'Correct `login_url`, then resume the destination.',
  },
  FG_SALESFORCE_INSTANCE: {
    meaning: 'The reply to the sign-in leads to a host that is not of Salesforce; the destination is paused.',
    cure: 'Correct `login_url`, or find out who answers there, then resume the destination.',
  },
  FG_SALESFORCE_RATE_LIMIT: {
    meaning: 'The org has reached a limit of calls, in 24 hours or at once.',
    cure: 'Nothing; if it happens daily, look which other integration uses the calls.',
  },
  FG_SALESFORCE_CONFLICT: {
    meaning: 'Another write created the same record at the same time.',
    cure: 'Nothing; it is tried again.',
  },
  FG_SALESFORCE_LOCKED: {
    meaning: 'Other writes, or the automation they started, hold the record locked.',
    cure: 'Nothing; it is tried again.',
  },
  FG_SALESFORCE_GONE: {
    meaning: 'The record that was found was deleted, merged, converted or hidden before it was written.',
    cure: 'Nothing; it is looked for again.',
  },
  FG_SALESFORCE_NOTHING_WRITTEN: {
    meaning: 'Salesforce said yes and named no record.',
    cure: 'Nothing; it is tried again.',
  },
  FG_SALESFORCE_UNAVAILABLE: {
    meaning: 'Salesforce has trouble of its own.',
    cure: 'Nothing; it is tried again.',
  },
  FG_SALESFORCE_UNREADABLE: {
    meaning: 'Salesforce answered a success that cannot be read, as a proxy sends it.',
    cure: 'Nothing; if it lasts, look at the proxy.',
  },
  FG_SALESFORCE_UNREACHABLE: {
    meaning: 'There is no connection to Salesforce: name resolution, network or certificate.',
    cure: 'If it lasts, check the network and `login_url`.',
  },
  FG_SALESFORCE_TIMEOUT: {
    meaning: 'Salesforce did not answer in time.',
    cure: 'Nothing; it is tried again.',
  },
}
