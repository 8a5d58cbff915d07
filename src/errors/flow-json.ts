import type { Explanations } from '../plugin/explanation.ts'

/** What Meta would refuse in a Flow JSON, or the gateway cannot work with. */
export const FLOW_JSON: Explanations = {
  FG_CONFIG_FLOW_JSON_SIZE: {
    meaning: 'The Flow JSON is larger than the 10 MB that Meta takes.',
    cure: 'Take images out of it and give them as data instead.',
  },
  FG_CONFIG_FLOW_JSON_SHAPE: {
    meaning: 'The Flow JSON lacks a part that every one has: screens, their ids, layouts, or a terminal screen.',
    cure: "Complete the place that is named, or export the flow again from Meta's Flow Builder.",
  },
  FG_CONFIG_FLOW_JSON_VERSION: {
    meaning: 'The version is missing, no longer published by Meta (advice), or unknown to this gateway (advice).',
    cure: 'Set the version that the message names, and try the flow in the Flow Builder.',
  },
  FG_CONFIG_FLOW_JSON_ENDPOINT: {
    meaning:
      'A flow that asks the endpoint lacks `data_api_version` or `routing_model`, or names a version there is not.',
    cure: 'Add what is missing, with the version that the message names.',
  },
  FG_CONFIG_FLOW_JSON_SCREEN_ID: {
    meaning: 'A screen id is reserved, used twice, or holds something other than letters and underscores.',
    cure: 'Give the screen another id, everywhere it is named.',
  },
  FG_CONFIG_FLOW_JSON_ROUTING: {
    meaning: 'The `routing_model` breaks a rule of Meta: unknown or forgotten screens, loops, or a dead end.',
    cure: 'Correct the edge that is named; routes lead forward only, going back is implied.',
  },
  FG_CONFIG_FLOW_JSON_COMPONENT: {
    meaning: 'A screen has components that Meta does not allow together, or too many of them.',
    cure: 'Change the screen as the message says.',
  },
  FG_CONFIG_FLOW_JSON_DATA: {
    meaning:
      'A data key is declared in a way that Meta refuses, or (advice) lacks its example or is named `error_message`.',
    cure: 'Declare it as a JSON Schema with a type and an `__example__`, under a name of its own.',
  },
  FG_CONFIG_FLOW_JSON_REFERENCE: {
    meaning: 'A screen uses `data.x` that it does not declare, or `form.x` that no component of it is named.',
    cure: 'Declare the key, name the component, or correct the reference.',
  },
  FG_CONFIG_FLOW_JSON_MANY_SELECTS: {
    meaning: 'Advice: the screen asks the endpoint at many selections, and people wait at each.',
    cure: 'Ask once, when the screen is left.',
  },
}
