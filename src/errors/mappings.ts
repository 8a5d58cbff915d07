import type { Explanations } from '../plugin/explanation.ts'

/** What `flowgate check` finds in `mapping.yaml`. */
export const MAPPINGS: Explanations = {
  FG_CONFIG_DUPLICATE_ID: {
    meaning: 'Two records or notifications of one mapping have the same id.',
    cure: 'Give each an id of its own.',
  },
  FG_CONFIG_RECORD: {
    meaning: 'A mapping waits for, links to or reads a record that it does not have.',
    cure: 'Correct the id; only records can be waited for, not notifications.',
  },
  FG_CONFIG_CIRCLE: {
    meaning: 'Records wait for one another in a circle, so none could ever be first.',
    cure: 'Take out one of the references that the message names.',
  },
  FG_CONFIG_LINK: {
    meaning: 'A record is linked to one that goes to another destination.',
    cure: 'Link records within one destination only.',
  },
  FG_CONFIG_MATCH: {
    meaning: 'An upsert has no `match`, names one that is not among its fields, or a create has one.',
    cure: 'Name the field that finds the record in `match` for an upsert, and nothing for a create.',
  },
  FG_CONFIG_UNABLE: {
    meaning:
      'A mapping or a source asks of a destination what its plugin cannot do with these settings: an object it does not have, an operation, a look-up, files.',
    cure: 'Correct the place that is named, or the settings of the destination where they decide about it.',
  },
  FG_CONFIG_OWNER_UNTOLD: {
    meaning: 'Advice: a message is for the owner of a record whose destination never tells who that is.',
    cure: 'Name a recipient, or add the owner to the settings of the destination where they have it.',
  },
  FG_CONFIG_RECIPIENT: {
    meaning:
      'A notification says in a way that is not known here whom it is for, or names somebody whom its destination does not reach.',
    cure: 'Name an entry of `recipients`, or write `{ owner_of: <record>, default: <name> }` or `{ person: email }`.',
  },
  FG_CONFIG_LATE: {
    meaning: 'A notification that can never be late, or of which nobody can tell, has a `notify_late_after`.',
    cure: 'Leave it out, or write `never`.',
  },
  FG_CONFIG_NAME: {
    meaning: 'A path stands where the bare name of an answer belongs.',
    cure: 'Write the name alone, such as `email` for `form.email`.',
  },
  FG_CONFIG_ON_REPEAT: {
    meaning: 'The mapping asks for a treatment of repeats that this version does not have.',
    cure: 'Use `drop` or `new`.',
  },
  FG_CONFIG_PERSONAL_UNKNOWN: {
    meaning: 'A name in `personal` is no field of any screen, so nothing would be masked.',
    cure: 'Correct the name.',
  },
  FG_CONFIG_IDENTITY_UNKNOWN: {
    meaning: 'Advice: a name in `identity` is no field and no usual attribute of a person.',
    cure: 'Correct the name, unless your tokens bring such an attribute.',
  },
  FG_CONFIG_IGNORE_UNKNOWN: {
    meaning: 'Advice: a name in `dedupe.ignore` is nearly that of a field, but of none.',
    cure: 'Correct the name.',
  },
}
