import type { Explanations } from '../plugin/explanation.ts'

/** What `flowgate check` finds before a file is understood: folders, YAML, keys, variables, destinations. */
export const CONFIGURATION_FILES: Explanations = {
  FG_CONFIG_FOLDER: {
    meaning: 'There is no configuration folder where it was looked for.',
    cure: 'Name the folder in `FLOWGATE_CONFIG`, or with `--config`.',
  },
  FG_CONFIG_NO_FLOW: {
    meaning: 'The configuration folder holds no flow.',
    cure: 'Add a folder below `flows` with a `flow.json` and a `flow.yaml`.',
  },
  FG_CONFIG_FILE_MISSING: {
    meaning: 'A flow lacks its `flow.json` or its `flow.yaml`.',
    cure: "Export the Flow JSON from Meta's Flow Builder, or write the `flow.yaml`.",
  },
  FG_CONFIG_FILE_NAME: {
    meaning: 'A file is named nearly like one that is read, and so would be passed over in silence.',
    cure: 'Rename it as the message says.',
  },
  FG_CONFIG_IMAGE: {
    meaning: 'A file in the `images` folder of a flow cannot be shown by WhatsApp.',
    cure: 'Save it as a JPEG or PNG of at most 300 KB, or take it out of the folder.',
  },
  FG_CONFIG_FILE_UNREADABLE: {
    meaning: 'A configuration file cannot be read.',
    cure: 'Let the user of the process read it.',
  },
  FG_CONFIG_YAML: {
    meaning: 'The file is not valid YAML from this place on.',
    cure: 'Look at indentation, quotes and colons around the place that is named.',
  },
  FG_CONFIG_JSON: {
    meaning: 'The file is not valid JSON.',
    cure: "Export it again from Meta's Flow Builder, or correct the place that is named.",
  },
  FG_CONFIG_DUPLICATE_KEY: {
    meaning: 'The same key stands twice in one place, and one of the two would be lost.',
    cure: 'Keep one of them.',
  },
  FG_CONFIG_KEY_MISSING: {
    meaning: 'A key that must be there is missing.',
    cure: 'Add it; the reference of the file says what it means.',
  },
  FG_CONFIG_KEY_UNKNOWN: {
    meaning: 'A key is none that this version knows in this place.',
    cure: 'Correct its name or its place, or take it out.',
  },
  FG_CONFIG_TYPE: {
    meaning: 'A value is of another kind than the key takes, such as a number where a text belongs.',
    cure: 'Write the kind that the message names; a number meant as text stands in quotes.',
  },
  FG_CONFIG_CHOICE: {
    meaning: 'A value is none of those that the key allows.',
    cure: 'Choose one of those that the message names.',
  },
  FG_CONFIG_FORM: {
    meaning: 'A value has the right kind but not the form, the length or the size that is asked for.',
    cure: 'Write it as the message says.',
  },
  FG_CONFIG_VARIABLE: {
    meaning: 'A variable is not written as one, or its name is none.',
    cure: `Write \`\${NAME}\` or \`\${NAME:-default}\`, and \`$\${\` for a plain \`\${\`.`,
  },
  FG_CONFIG_VARIABLE_UNSET: {
    meaning: 'The configuration names a variable that is not set and has no default.',
    cure: 'Set it, or name a file that holds it in the variable of the same name with `_FILE` at its end.',
  },
  FG_CONFIG_VARIABLE_FILE: {
    meaning: 'A variable that ends in `_FILE` names a file that cannot be read.',
    cure: 'Correct the path, or let the user of the process read the file.',
  },
  FG_CONFIG_PLUGIN_UNKNOWN: {
    meaning: 'A destination or source names a plugin that is not there.',
    cure: 'Name a built-in plugin, a folder as `./folder`, or an installed package as `npm:package`.',
  },
  FG_CONFIG_PLUGIN_BROKEN: {
    meaning: 'A plugin is there but its module does not load or is no plugin.',
    cure: 'Repair the module; the message quotes what is wrong with it.',
  },
  FG_CONFIG_PLUGIN_KIND: {
    meaning: 'A plugin that delivers stands below `sources`, or one that answers questions below `destinations`.',
    cure: 'Move the entry to the section that the message names, or name another plugin.',
  },
  FG_CONFIG_SETTING: {
    meaning: 'The settings of a destination or source have the right form, and can still never work.',
    cure: "Correct the setting as the message says; the plugin's page describes it.",
  },
  FG_CONFIG_URL: {
    meaning:
      'A URL in the settings of a plugin is never asked: it is not https, has another port than 443 or 8443, holds credentials, or names an address that is not public.',
    cure: 'Correct the URL, or name the host in `FLOWGATE_ALLOW_HOSTS`, also where the configuration is checked.',
  },
  FG_CONFIG_QUERIES: {
    meaning: 'What the settings of a source lead to holds a mistake, such as its file of queries.',
    cure: 'Correct it as the message says; the documentation of the plugin describes the form.',
  },
  FG_CONFIG_NOTHING_STALE: {
    meaning: 'Advice: older answers of a source are to stand in, but it keeps none.',
    cure: 'Give the source a `cache`, or take `stale` out.',
  },
  FG_CONFIG_DESTINATION_UNKNOWN: {
    meaning: 'A mapping or the alerts name a destination that `destinations.yaml` does not have.',
    cure: 'Correct the name, or add the destination.',
  },
  FG_CONFIG_DESTINATION_KIND: {
    meaning: 'Records are sent to a destination for messages, or messages to one for records.',
    cure: 'Name a destination of the right kind.',
  },
  FG_CONFIG_BUDGET: {
    meaning: 'A limit in `budget` of a destination cannot be read.',
    cure: 'Write requests and a time, for example `190/10s` or `5/s`, or `unlimited`.',
  },
  FG_CONFIG_BUDGET_CLASS: {
    meaning: "`budget` of a destination limits requests of a class that the destination's plugin does not count.",
    cure: "Name one of the classes that the message or the plugin's page names.",
  },
}
