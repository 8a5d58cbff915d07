import type { Explanations } from 'flowgate/plugin'

/** What each failure of this plugin means and what cures it. Those of the CRM are explained by the CRM's plugin. */
export const failureCodes: Explanations = {
  FG_CRM_SOURCE_CANNOT_FIND: {
    meaning: 'The destination cannot be looked up in: its plugin has no `find`.',
    cure: 'Name another CRM in `destination` of the source, or ask the author of the plugin for it.',
  },
  FG_CRM_SOURCE_UNKNOWN_QUERY: {
    meaning: 'A flow asks a query that the source does not have.',
    cure: "Correct `query` in the flow, or add it to the source's `queries`.",
  },
  FG_CRM_SOURCE_PARAMETER: {
    meaning: 'A flow asks without the value that the record is found by, or with one that is a list or an object.',
    cure: 'Give the parameter named by `by` of the query one text or number.',
  },
}
