import { randomUUID } from 'node:crypto'
import type { Flow } from '../../flow/model.ts'
import { personKey } from '../../flow/person-key.ts'
import { variantOf } from '../../flow/variant.ts'
import type { JsonObject } from '../../plugin/json.ts'

/** How many tokens are tried before a variant counts as one that nobody gets. */
const TRIES = 1_000

/**
 * A token of a sender's own whose person is in this variant: variants go by who the person is, else by the token.
 * `undefined` where this person is in another one, or nobody is in it.
 */
export function tokenInVariant(
  flow: Pick<Flow, 'name' | 'variants'>,
  variant: string,
  person: JsonObject | undefined,
): string | undefined {
  const key = personKey(person ?? {})
  if (key !== undefined) return variantOf(flow, key) === variant ? newToken() : undefined
  for (let tried = 0; tried < TRIES; tried += 1) {
    const token = newToken()
    if (variantOf(flow, token) === variant) return token
  }
  return undefined
}

/** A token of a foreign sender, known to nobody. */
export function newToken(): string {
  return `simulated-${randomUUID()}`
}
