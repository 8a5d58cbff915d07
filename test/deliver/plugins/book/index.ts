import { definePlugin } from 'flowgate/plugin'
import type { AddressBook } from '../../address-book.ts'

/** A CRM that can do all that the contract has, its records an object in the test's own process. */
export default definePlugin<'crm', { readonly book: AddressBook }>({
  apiVersion: 1,
  kind: 'crm',
  name: 'book',
  title: 'Test address book',
  configSchema: { type: 'object' },
  orders: { 'contacts.stage': ['lead', 'opportunity', 'customer'] },
  abilities: ({ book }, object) => book.abilities(object),
  configure: ({ book }) => book,
  classify: () => undefined,
})
