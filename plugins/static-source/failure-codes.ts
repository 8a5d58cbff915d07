import type { Explanations } from 'flowgate/plugin'

/** What a static list fails with. */
export const failureCodes: Explanations = {
  FG_STATIC_LIST_UNKNOWN: {
    meaning: 'An ask names a list that a static source does not have.',
    cure: 'Correct `query` of the ask, or add the list under `lists` of the source.',
  },
}
