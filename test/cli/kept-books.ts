import { definePlugin } from 'flowgate/plugin'
import { AddressBook } from '../deliver/address-book.ts'

const books = new Map<string, AddressBook>()

/** The address book of that name, the same for a test and for the plugin that a command loads in this process. */
export function keptBook(name: string): AddressBook {
  const book = books.get(name) ?? new AddressBook()
  books.set(name, book)
  return book
}

export default definePlugin<'crm', { readonly book: string; readonly token: string }>({
  apiVersion: 1,
  kind: 'crm',
  name: 'book',
  title: 'Test address book',
  configSchema: {
    type: 'object',
    properties: { book: { type: 'string' }, token: { type: 'string', writeOnly: true } },
  },
  configure: ({ book }) => keptBook(book),
  classify: () => undefined,
})
