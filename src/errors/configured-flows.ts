import type { Explanations } from '../plugin/explanation.ts'

/** What `flowgate check` finds in `flow.yaml` and `tests.yaml`, by themselves and beside the Flow JSON. */
export const CONFIGURED_FLOWS: Explanations = {
  FG_CONFIG_FLOW_NAME: {
    meaning: 'A flow or its version and the folder they are in are named differently.',
    cure: 'Name both alike: the folder is `<flow>`, or `<flow>@<version>` for an older version.',
  },
  FG_CONFIG_FLOW_TWICE: {
    meaning: 'Two folders hold a flow of the same name, and only one could answer.',
    cure: 'Rename one of them.',
  },
  FG_CONFIG_VERSION_TWICE: {
    meaning: 'Two folders hold the same version of a flow.',
    cure: 'Give one of them another `version`; that of an older folder is also the end of its name.',
  },
  FG_CONFIG_NEWEST_VERSION: {
    meaning: 'Advice: a flow has folders with versions only, so the last in natural order counts as the newest.',
    cure: 'Rename the folder of the newest version to the name of the flow alone.',
  },
  FG_CONFIG_VERSIONS_DIFFER: {
    meaning:
      'Live versions of a flow open differently, although a flow is opened before it is known which one a phone has.',
    cure: 'Let all versions open at the same screen with the same data; give what is new to a later screen.',
  },
  FG_CONFIG_VERSION_SENT: {
    meaning: 'A Flow JSON says that it is another version than the one whose folder it is in.',
    cure: 'Correct the value in the payload, or the `version` of `flow.yaml`.',
  },
  FG_CONFIG_VERSION_UNSENT: {
    meaning: 'Advice: a flow has several versions, and a payload of this one does not say which it is.',
    cure: 'Add the version key to the payload, or name the version whenever a token is minted.',
  },
  FG_CONFIG_TIME_ZONE: {
    meaning: 'The time zone of a flow is none that is known.',
    cure: 'Write a name of the IANA time zone database, such as Europe/Berlin.',
  },
  FG_CONFIG_VARIANTS: {
    meaning: 'The variants of a flow have no weight, so that nobody would get any.',
    cure: 'Give at least one of them a weight above 0.',
  },
  FG_CONFIG_VARIANT_UNKNOWN: {
    meaning: 'Something looks at a variant that the flow does not have.',
    cure: 'Correct the name, or add the variant to `variants`.',
  },
  FG_CONFIG_SCREEN_MISSING: {
    meaning: 'The `flow.yaml` describes a screen that the Flow JSON does not have.',
    cure: 'Correct the id, or add the screen in the Flow Builder and export the Flow JSON again.',
  },
  FG_CONFIG_SCREEN_UNKNOWN: {
    meaning: 'A first screen, rule, trigger, way out or ask names a screen that does not exist.',
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
    meaning: 'A rule, trigger or way out says nothing of where it leads, or several things that exclude each other.',
    cure: 'Write one of those that the message names; `queue` goes with `escalate` alone.',
  },
  FG_CONFIG_NOT_TERMINAL: {
    meaning: 'A screen after which nothing follows is not terminal, so that the person could not close the flow there.',
    cure: 'Mark it with "terminal": true in the Flow JSON, or show another screen.',
  },
  FG_CONFIG_RESUME: {
    meaning:
      'A rule resumes what was left although the flow does not offer that, or it is offered and no rule does it.',
    cure: 'Write `sessions: { resume: offer }` and a rule with `resume: true`, or take out the one that is there.',
  },
  FG_CONFIG_REPEAT: {
    meaning: 'A repeated screen has no fields, or collects its list under a name that an answer already has.',
    cure: 'Give the screen fields; name the list in `into` differently from every field.',
  },
  FG_CONFIG_NAME_TWICE: {
    meaning: 'Two checks or two reservations of a flow have the same name.',
    cure: 'Rename one of them, wherever it is referred to.',
  },
  FG_CONFIG_CHECK_UNKNOWN: {
    meaning:
      'Something refers to a check that there is not, or that is on another screen than the trigger that runs it.',
    cure: 'Correct the name, or add the check to the screen.',
  },
  FG_CONFIG_CHECK_UNUSED: {
    meaning: 'Advice: a check is left out on submit and no trigger runs it.',
    cure: 'Name it in the `checks` of a trigger, or take out `on_submit: false`.',
  },
  FG_CONFIG_SOURCE_UNKNOWN: {
    meaning: 'An ask or a reservation names a source that `destinations.yaml` does not have.',
    cure: 'Correct the name, or add the source below `sources`.',
  },
  FG_CONFIG_QUERY_UNKNOWN: {
    meaning: 'A source has no query of this name.',
    cure: 'Correct the name, or add the query where the source has its queries.',
  },
  FG_CONFIG_QUERY_PURPOSE: {
    meaning: 'A query that reserves or gives back is asked like one that only reads, or the other way round.',
    cure: 'Name a query that does what is wanted here.',
  },
  FG_CONFIG_PARAMETER: {
    meaning: 'A query is given a parameter it does not have, or lacks one it needs.',
    cure: 'Correct `with` as the message says.',
  },
  FG_CONFIG_ASK_UNKNOWN: {
    meaning: 'A path such as `asked.slots` names an ask that the flow does not have.',
    cure: 'Correct the name, or add it to `asks`.',
  },
  FG_CONFIG_VALUE_UNKNOWN: {
    meaning: 'A path such as `values.price` names a value that the flow does not have.',
    cure: 'Correct the name, or add it to `values`.',
  },
  FG_CONFIG_KEEP: {
    meaning: 'A screen keeps a value under the name of a field, which phones fill.',
    cure: 'Keep it under a name that no screen has as a field.',
  },
  FG_CONFIG_ASK_UNUSED: {
    meaning: 'Advice: nothing refers to what an ask brings, so it is never asked.',
    cure: 'Refer to it as `asked.<name>`, or take it out.',
  },
  FG_CONFIG_ASK_CIRCLE: {
    meaning: 'Asks need the answers of one another for their parameters, so that none could be asked.',
    cure: 'Take one of the references out.',
  },
  FG_CONFIG_FALLBACK_SCREEN: {
    meaning:
      'Advice: a screen that is to be shown where a source has no answer cannot be shown everywhere it is needed.',
    cure: 'Add the edges to the Flow JSON, show another screen, or declare a message instead.',
  },
  FG_CONFIG_LIST_ABSENT: {
    meaning: 'Advice: a list of options would be missing where its source has no answer and people go on without.',
    cure: 'Give the value `default: []`, so that the list is empty then.',
  },
  FG_CONFIG_LANGUAGE_MISSING: {
    meaning: 'Advice: a text is not written in a language that the rest of the flow speaks.',
    cure: 'Add the language to it.',
  },
  FG_CONFIG_SENT_UNKNOWN: {
    meaning: 'A path such as `sent.trigger` names a payload key that the Flow JSON never sends there.',
    cure: 'Correct the name, or add the key to the payload in the Flow JSON.',
  },
  FG_CONFIG_SENT_NEVER: {
    meaning: 'What is sent is compared with something that the Flow JSON never sends.',
    cure: 'Write the value as it stands in the payload.',
  },
  FG_CONFIG_PATH_UNKNOWN: {
    meaning: 'A path leads nowhere for anybody: what it names is not part of a session, flow, check or reservation.',
    cure: 'Correct it as the message says.',
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
