import type { MappingFile } from '../config/schema/mapping.ts'
import type { Json } from '../plugin/json.ts'
import { canonicalText, sha256 } from '../value/hash.ts'

/** SHA-256 of a mapping's canonical content, hex: the same for two files that differ only in comments, order of keys or quotes. */
export function mappingHash(file: MappingFile): string {
  return sha256(canonicalText(file as unknown as Json)).toString('hex')
}
