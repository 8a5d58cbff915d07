import type { Explanations } from '../plugin/explanation.ts'

/** What `flowgate check` finds in `flow.yaml` and `tests.yaml`, by themselves and beside the Flow JSON. */
export const CONFIGURED_FLOWS: Explanations = {
  FG_CONFIG_FLOW_NAME: {
    meaning: 'A flow and its folder are named differently.',
    cure: 'Name both alike; the name is the last part of the endpoint address.',
  },
  FG_CONFIG_FLOW_TWICE: {
    meaning: 'Two folders hold a flow of the same name, and only one could answer.',
    cure: 'Rename one of them.',
  },
  FG_CONFIG_SCREEN_MISSING: {
    meaning: 'The `flow.yaml` describes a screen that the Flow JSON does not have.',
    cure: 'Correct the id, or add the screen in the Flow Builder and export the Flow JSON again.',
  },
  FG_CONFIG_SCREEN_UNKNOWN: {
    meaning: 'A first screen or a rule names a screen that does not exist.',
    cure: 'Correct the id.',
  },
  FG_CONFIG_SCREEN_UNREACHABLE: {
    meaning: 'Nobody can come to this screen: no rule shows it and no screen navigates to it.',
    cure: 'Add a rule that shows it, or take the screen out.',
  },
  FG_CONFIG_NOT_ENTRY_SCREEN: {
    meaning: 'A flow is to open at a screen that other screens lead to, which WhatsApp does not allow.',
    cure: 'Open it at one of the screens that the message names.',
  },
  FG_CONFIG_NO_ROUTE: {
    meaning:
      'A rule shows a screen that the `routing_model` does not connect with this one, so WhatsApp would refuse it.',
    cure: 'Add the edge to the Flow JSON, or show another screen.',
  },
  FG_CONFIG_NO_NEXT: {
    meaning: 'A screen asks the endpoint and nothing says what follows.',
    cure: 'Give the screen a `next`.',
  },
  FG_CONFIG_NEXT_UNUSED: {
    meaning: 'Advice: a `next` is never used, because the screen does not ask the endpoint.',
    cure: "Take it out, or make the screen's button a `data_exchange`.",
  },
  FG_CONFIG_NO_LAST_RESORT: {
    meaning: 'Some answers would match no rule of a `next`.',
    cure: 'End it with a rule without `when`.',
  },
  FG_CONFIG_RULE: {
    meaning: 'A rule says neither which screen to show nor to submit, or both.',
    cure: 'Write either `show: SCREEN` or `submit: true`.',
  },
  FG_CONFIG_RULE_UNREACHABLE: {
    meaning: 'A rule stands after one that always matches, and is never reached.',
    cure: 'Move the rule without `when` to the end.',
  },
  FG_CONFIG_FIELD_NOT_SENT: {
    meaning: 'A field never arrives, because no `data_exchange` of its screen sends it.',
    cure: 'Add it to the payload in the Flow JSON, or correct its name.',
  },
  FG_CONFIG_FIELD_SETTING: {
    meaning: 'A setting of a field means nothing for its type, or no answer could fit it.',
    cure: 'Correct the setting or the type as the message says.',
  },
  FG_CONFIG_ANSWER_DROPPED: {
    meaning: 'Advice: a screen sends something that no field takes, and it is dropped.',
    cure: 'Add a field for it, or take it out of the payload.',
  },
  FG_CONFIG_DATA_UNDECLARED: {
    meaning:
      'The `data` of a screen has a key that its Flow JSON does not declare, so WhatsApp would refuse the answer.',
    cure: 'Declare it in the Flow JSON, or correct its name.',
  },
  FG_CONFIG_DATA_MISSING: {
    meaning: 'The Flow JSON declares data for a screen that `flow.yaml` gives no value for.',
    cure: 'Add the keys to the `data` of the screen.',
  },
  FG_CONFIG_DATA_FILLED: {
    meaning: 'A data key that shows errors is given a value, although the gateway fills it.',
    cure: 'Leave it out.',
  },
  FG_CONFIG_DATA_MISFIT: {
    meaning: 'A constant in the `data` of a screen is not of the form that the Flow JSON declares.',
    cure: 'Write it in the declared form, or correct the declaration.',
  },
  FG_CONFIG_OPTION_REFUSED: {
    meaning: 'The data of a screen offers an option that the field of that list does not take.',
    cure: "Add the id to the field's `of`, or correct it in `data`.",
  },
  FG_CONFIG_LOOKUP_UNUSED: {
    meaning: 'A `lookup` has an entry for something that the choice it looks up can never be.',
    cure: "Write the key as it stands in the field's `of`, or leave it out.",
  },
  FG_CONFIG_RESERVED: {
    meaning:
      'A name is used that the protocol keeps: `flow_token` in the final answer, `error` or `error_key` for a field.',
    cure: 'Leave `flow_token` out; give the field another name, in the Flow JSON as well.',
  },
  FG_CONFIG_MANY_FIELDS: {
    meaning: 'Advice: a screen has so many fields that people tend to leave.',
    cure: 'Divide the screen, or ask for less.',
  },
  FG_CONFIG_MANY_SCREENS: {
    meaning: 'Advice: the longest way through the flow has so many screens that people tend to leave.',
    cure: 'Ask for less, or skip screens by rules.',
  },
  FG_CONFIG_MANY_EXCHANGES: {
    meaning: 'Advice: the longest way through the flow asks the endpoint often, and people wait each time.',
    cure: 'Use `navigate` where the next screen does not depend on the answers.',
  },
  FG_CONFIG_TEST: {
    meaning: 'A test in `tests.yaml` speaks of a screen, field, record or notification that there is not.',
    cure: 'Correct the name.',
  },
}
