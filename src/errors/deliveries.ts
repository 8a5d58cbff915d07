import type { Explanations } from '../plugin/explanation.ts'

/** What keeps a delivery or a whole destination, plugins' own failures aside. */
export const DELIVERIES: Explanations = {
  FG_MAP_VALUE: {
    meaning: 'Some fields of a record or message cannot be worked out from what this person answered.',
    cure: 'Correct the fields that are named, or set `on_fail`, then run `flowgate replay` with the id of the delivery.',
  },
  FG_MAP_MATCH_ABSENT: {
    meaning: 'The field that finds the record has no value for this person.',
    cure: 'Map it from a required field, or add `when` to the record, then replay.',
  },
  FG_MAP_RECIPIENT_ABSENT: {
    meaning: 'A message is for the person, and no such address came with the token or from WhatsApp.',
    cure: 'Add a `when` that asks for the address, or name another recipient, then replay.',
  },
  FG_DELIVERY_ITEM_GONE: {
    meaning: 'The mapping that the delivery is to be made with has no such record or notification any more.',
    cure: 'Put it back into the mapping and replay, or leave the delivery as it is.',
  },
  FG_DELIVERY_MAPPING_UNUSABLE: {
    meaning: 'The mapping that the submission was accepted with is gone, or does not run in this version.',
    cure: 'Replay the delivery, which uses the mapping of today.',
  },
  FG_DELIVERY_DROPPED: {
    meaning: 'An operator gave the delivery up by `flowgate deliveries drop`; it counts as skipped.',
    cure: 'Nothing; `flowgate deliveries show` tells what it had come to before.',
  },
  FG_DELIVERY_DEADLINE: {
    meaning: 'The destination did not answer in time; the delivery is tried again.',
    cure: 'Nothing at first; if it is always slow, raise `answer_within_ms`.',
  },
  FG_DELIVERY_UNCLASSIFIED: {
    meaning: 'The plugin failed in a way that it does not know itself; the delivery is tried again.',
    cure: 'Look for the log line `delivery.unclassified`, which holds the stack, and tell the maker of the plugin.',
  },
  FG_DELIVERY_OWNER_UNSUPPORTED: {
    meaning: 'A message is for the owner of a record, and the plugin of that CRM cannot tell who that is.',
    cure: 'Name the recipient by a value instead of `owner_of`; until then whom `default` names is told.',
  },
  FG_DESTINATION_UNKNOWN: {
    meaning: 'Deliveries wait for a destination that `destinations.yaml` no longer has; it is paused.',
    cure: 'Add the destination again, or replay them with the mapping of today.',
  },
  FG_DESTINATION_WRONG_KIND: {
    meaning: 'Records are addressed to a destination that takes messages, or the other way round; it is paused.',
    cure: 'Name another destination in the mapping, or give this one its former plugin.',
  },
  FG_DESTINATION_PLUGIN_UNKNOWN: {
    meaning: 'The plugin of a destination is not there; the destination is paused.',
    cure: 'Correct its name in `destinations.yaml`, or put its folder or package back.',
  },
  FG_DESTINATION_PLUGIN_FAILED: {
    meaning: 'The plugin of a destination could not be loaded; the destination is paused.',
    cure: 'Repair what the log line `plugin.failed` names.',
  },
  FG_DESTINATION_CONFIGURE_FAILED: {
    meaning: "The plugin refused the destination's settings; the destination is paused.",
    cure: 'Correct the settings in `destinations.yaml`; the log line `destination.failed` says why.',
  },
  FG_PLUGIN_LOAD_FAILED: {
    meaning: "A plugin's module was found and failed while it was loaded.",
    cure: 'Repair the module; a package must ship JavaScript, a folder may hold `index.ts`.',
  },
  FG_PLUGIN_INVALID: {
    meaning: "A plugin's module does not export a plugin of the contract that this gateway speaks.",
    cure: 'Export one plugin, made with `definePlugin`, as the default of the module.',
  },
  FG_ALERT_UNTOLD: {
    meaning: 'An alert could not be sent to the destination for alerts; it is tried again, and the log holds it.',
    cure: 'Run `flowgate destinations status` and repair the destination that `alerts.to` names.',
  },
}
