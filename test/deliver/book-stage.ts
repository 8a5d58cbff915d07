import type { RecordFile } from '../../src/config/schema/record.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import { mappingOf } from '../support/flow.ts'
import { AddressBook } from './address-book.ts'
import { type DeliveryStage, deliveryStage, type StageChanges } from './delivery-stage.ts'

/** A delivery stage whose mapping writes one contact into an address book. */
export interface BookStage extends DeliveryStage {
  readonly book: AddressBook
  /** Stores a submission of this form with the contact as its only record, and gives the delivery's id. */
  submitContact(form: JsonObject, contact: Partial<RecordFile>): Promise<string>
}

export async function bookStage(changes: StageChanges = {}): Promise<BookStage> {
  const book = new AddressBook()
  const stage = await deliveryStage({
    ...changes,
    destinations: { book: { config: { book } }, ...changes.destinations },
  })
  return {
    ...stage,
    book,
    async submitContact(form, contact) {
      const record = {
        id: 'contact',
        to: 'book',
        object: 'contacts',
        operation: 'upsert',
        fields: {},
        ...contact,
      } as const
      const match = record.operation === 'upsert' ? { match: 'email' } : {}
      const { contact: id } = await stage.submit(
        form,
        mappingOf({ personal: ['email'], records: [{ ...match, ...record }] }),
      )
      if (id === undefined) throw new Error('no contact')
      return id
    },
  }
}
