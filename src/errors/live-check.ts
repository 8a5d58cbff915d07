import type { Explanations } from '../plugin/explanation.ts'

/** What `flowgate check --live` finds where a mapping does not fit the CRM as it is now. */
export const LIVE_CHECK: Explanations = {
  FG_CONFIG_LIVE_OBJECT: {
    meaning: 'The CRM has no kind of record of this name, or the credentials may not see it.',
    cure: 'Correct `object` of the record, or give the credentials the right to it.',
  },
  FG_CONFIG_LIVE_FIELD: {
    meaning: 'The kind of record has no field of this name, or the credentials may not see it.',
    cure: 'Run `flowgate destinations describe` with the destination to see its fields, and correct the name.',
  },
  FG_CONFIG_LIVE_READ_ONLY: {
    meaning: 'The CRM does not let these credentials write the field.',
    cure: 'Give the credentials the right to it, or take the field out of the mapping.',
  },
  FG_CONFIG_LIVE_OPTION: {
    meaning: 'A constant of the mapping is none of the choices that the field has in the CRM.',
    cure: 'Write the value of a choice, not its label, or add the choice in the CRM.',
  },
  FG_CONFIG_LIVE_LENGTH: {
    meaning: 'A constant of the mapping is longer than the field takes.',
    cure: 'Shorten it, or write it to another field.',
  },
  FG_CONFIG_LIVE_REQUIRED: {
    meaning: 'The CRM creates no record without a field that the mapping does not write.',
    cure: 'Map the field, from an answer or as a constant.',
  },
}
