import { createRequire } from 'node:module'
import { isDeepStrictEqual } from 'node:util'

// Its module of single files is not made for Node; this one is. It needs no document to read cards.
const cards: typeof import('adaptivecards') = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js')

/**
 * What Microsoft's own reader of Adaptive Cards has to say against a card of version 1.5: wrong values, unknown elements,
 * and whatever it would not write back because 1.5 does not know it.
 */
export function cardEvents(card: Readonly<Record<string, unknown>>): string[] {
  const reader = new cards.AdaptiveCard()
  const context = new cards.SerializationContext(cards.Versions.v1_5)
  reader.parse(structuredClone(card), context)
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message)
  const faults = reader.validateProperties().validationEvents.map(({ message }) => message)
  const written = reader.toJSON(new cards.SerializationContext(cards.Versions.v1_5))
  const same = isDeepStrictEqual(JSON.parse(JSON.stringify(written)), card)
  return [...events, ...faults, ...(same ? [] : ['it reads as another card than it is'])]
}
