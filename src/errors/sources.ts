import type { Explanations } from '../plugin/explanation.ts'

/** What keeps a source from answering while a person waits, plugins' own failures aside. The person sees its fallback. */
export const SOURCES: Explanations = {
  FG_SOURCE_UNKNOWN: {
    meaning: 'Something is asked of a source that `destinations.yaml` does not have.',
    cure: 'Add it under `sources` again, or take what names it out of the flow.',
  },
  FG_SOURCE_WRONG_KIND: {
    meaning: 'The plugin of a source takes deliveries and answers no questions.',
    cure: 'Name another plugin, or move the entry to `destinations`.',
  },
  FG_SOURCE_PLUGIN_UNKNOWN: {
    meaning: 'The plugin of a source is not there.',
    cure: 'Correct its name in `destinations.yaml`, or put its folder or package back.',
  },
  FG_SOURCE_PLUGIN_FAILED: {
    meaning: 'The plugin of a source could not be loaded.',
    cure: 'Repair what the log line `plugin.failed` names.',
  },
  FG_SOURCE_CONFIGURE_FAILED: {
    meaning: "The plugin refused the source's settings.",
    cure: 'Correct the settings in `destinations.yaml`; the log line `source.refused` says why.',
  },
  FG_SOURCE_DEADLINE: {
    meaning: 'A source did not answer in time.',
    cure: 'Nothing at first; if it is always slow, make its query faster, raise `answer_within_ms` (at most 3 seconds) or keep answers by `cache`.',
  },
  FG_SOURCE_CROWDED: {
    meaning: 'A question waited in line behind others of the same source until its time was up.',
    cure: 'Raise `at_once` if the source can take more, or keep answers by `cache`.',
  },
  FG_SOURCE_UNCLASSIFIED: {
    meaning: 'The plugin of a source failed in a way that it does not know itself.',
    cure: 'Give the stack of the log line `source.failed` to the maker of the plugin.',
  },
  FG_SOURCE_ANSWER_TOO_LARGE: {
    meaning: 'A source answered more than 256 KiB, which is not taken.',
    cure: 'Let the query find fewer rows or columns.',
  },
  FG_SOURCE_ANSWER_NOT_JSON: {
    meaning: 'The plugin of a source answered something that JSON cannot hold.',
    cure: 'Tell the maker of the plugin.',
  },
  FG_SOURCE_CANNOT_RESERVE: {
    meaning: 'Something is to be reserved at a source whose plugin cannot hold anything.',
    cure: 'Name a source that can reserve, or let the flow go without.',
  },
}
