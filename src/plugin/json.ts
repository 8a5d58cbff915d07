/** Any value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject

/** A JSON object. A key that leads nowhere is absent, never `undefined` on the wire. */
export interface JsonObject {
  readonly [key: string]: Json
}

/** A plain JSON Schema (draft 2020-12). Plugins describe their settings in it; `writeOnly: true` marks a secret. */
export type JsonSchema = JsonObject
