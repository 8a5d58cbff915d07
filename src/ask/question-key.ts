import type { JsonObject } from '../plugin/json.ts'
import { canonicalText, sha256 } from '../value/hash.ts'

/** Names a question to one source: the same for the same query and parameters, and nothing of them can be read from it. */
export function questionKey(query: string, parameters: JsonObject): string {
  return sha256(canonicalText([query, parameters])).toString('base64url')
}
