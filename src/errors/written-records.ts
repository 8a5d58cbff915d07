import type { Explanations } from '../plugin/explanation.ts'

/** What keeps a record from being written where that depends on what stands in the CRM, and from being restored. */
export const WRITTEN_RECORDS: Explanations = {
  FG_WRITE_NEEDS_FIND: {
    meaning: 'How a record is written depends on what stands in the CRM, and its plugin cannot look records up.',
    cure: 'Take `write`, `clear` and `keep_before` out of the record, or use a plugin that can, then replay.',
  },
  FG_WRITE_ORDER_UNKNOWN: {
    meaning: 'A field only moves forward, and neither the mapping nor the plugin knows the order of its values.',
    cure: 'Add `order` to the field, the lowest value first, then replay.',
  },
  FG_WRITE_ORDER_VALUE: {
    meaning: 'What is to be written to a field that only moves forward is not in the order of its values.',
    cure: 'Correct the value or the order in the mapping, then replay.',
  },
  FG_WRITE_CHOSEN_GONE: {
    meaning: 'The record that somebody chose for a delivery is not in the CRM any more.',
    cure: 'Choose again with `flowgate deliveries choose`; `new` makes a record of its own.',
  },
  FG_IDENTITY_AMBIGUOUS: {
    meaning:
      'Several records have the number of this person, in one spelling or another, so none is taken for granted.',
    cure: 'Choose one with `flowgate deliveries choose`, or merge them in the CRM and replay.',
  },
  FG_MEDIA_ANSWER: {
    meaning: '`files` of a record holds an answer that is no photo or document of a picker.',
    cure: 'Name the field of a PhotoPicker or DocumentPicker, then replay.',
  },
  FG_MEDIA_HOST: {
    meaning: 'A file is said to lie elsewhere than on the servers of WhatsApp.',
    cure: 'Such an answer was forged; take `files` out of the record and replay to deliver the rest.',
  },
  FG_MEDIA_GONE: {
    meaning: 'WhatsApp does not have the file any more; it keeps files for 20 days.',
    cure: 'Ask the person for it; to deliver the rest, take `files` out of the record and replay.',
  },
  FG_MEDIA_CONTENT: {
    meaning: 'A fetched file is not the one that the person chose, or not of the kind that its name says.',
    cure: 'It is passed on to nobody; to deliver the rest, take `files` out of the record and replay.',
  },
  FG_MEDIA_UNAVAILABLE: {
    meaning: 'The file server of WhatsApp cannot be reached or is in trouble.',
    cure: 'It is tried again; if it lasts, look whether the gateway may reach *.whatsapp.net.',
  },
  FG_FILES_UNAVAILABLE: {
    meaning: 'A record is to have files attached, and this gateway cannot fetch them.',
    cure: 'Take `files` out of the record, then replay.',
  },
  FG_UNDO_UNSUPPORTED: {
    meaning: 'What a submission changed cannot be restored, for the plugin cannot read or set single fields.',
    cure: 'Restore the fields by hand; `flowgate undo --dry-run` shows what they held.',
  },
  FG_UNDO_GONE: {
    meaning: 'A record whose fields were to be restored is not in the CRM any more.',
    cure: 'Nothing; it was deleted or merged there.',
  },
  FG_CLI_CHOICE: {
    meaning: 'A delivery cannot be given the record that was named, or waits for no choice at all.',
    cure: 'Run `flowgate deliveries show` with its id, and name one of the records that it lists, or `new`.',
  },
  FG_CLI_SUBMISSION: {
    meaning: 'There is no submission of this id.',
    cure: 'Run `flowgate deliveries` and `flowgate deliveries show`, which names the submission.',
  },
}
