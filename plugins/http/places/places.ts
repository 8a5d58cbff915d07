import type { FailureError, Json } from 'flowgate/plugin'

/** What the places of one request are filled with. Refuses, naming the place and never its value. */
export interface Places {
  /** `undefined` where there is nothing to fill it with. */
  value(place: string): Json | undefined
  /** For places inside a text; `value` is one item of a list. Throws where it cannot stand in a text. */
  text(place: string, value?: Json): string | undefined
  unusable(place: string, why: string): FailureError
}

/** Says what is wrong with the name of a place; `undefined` where nothing is. */
export type PlaceRule = (place: string) => string | undefined
