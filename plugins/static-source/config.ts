import type { JsonObject, JsonSchema } from 'flowgate/plugin'

/** Items by the name of their list. */
export type Lists = Readonly<Record<string, readonly JsonObject[]>>

/** What an operator can set for a source of static lists. */
export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['lists'],
  properties: {
    lists: {
      type: 'object',
      minProperties: 1,
      description: 'List name → its items. The name is what an ask gives as `query`.',
      additionalProperties: {
        type: 'array',
        items: { type: 'object' },
        description: 'The items in the order they are shown, each an object with keys of your own.',
      },
      examples: [{ departments: [{ id: 'sales', title: 'Sales', city: 'Recife' }] }],
    },
  },
}
