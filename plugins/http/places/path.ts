import type { PlaceRule, Places } from './places.ts'
import { readTemplate } from './template.ts'

/** A path below `base_url`, in which a value fills a part of one segment and never leaves it. */
export interface PathTemplate {
  readonly places: readonly string[]
  fill(places: Places): string
}

/** Reads `/departments/{department}/slots`. Throws a sentence where its own segments are empty or dots. */
export function readPath(text: string, rule: PlaceRule): PathTemplate {
  const segments = text.split('/').slice(1)
  if (segments.slice(0, -1).includes('') || segments.some(isDots)) {
    throw new Error(`the path ${text} holds an empty segment, . or ..: write it as the API is asked in the end`)
  }
  const { places, fill } = readTemplate(text, rule)
  return { places, fill: (values) => fill((place) => encodeURIComponent(segmentText(place, values))) ?? '' }
}

/** A URL takes `.` and `..` for ways and not for names, however they are written. */
function isDots(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/iu.test(segment)
}

/**
 * Dots alone are refused although slashes are encoded: together with a neighbour they could become a way, and servers and
 * proxies that decode `%2F` too early would see one between slashes.
 */
function segmentText(place: string, values: Places): string {
  const text = values.text(place)
  if (text === undefined) throw values.unusable(place, 'is missing')
  if (text === '') throw values.unusable(place, 'is empty')
  if (/\p{Cc}/u.test(text)) throw values.unusable(place, 'holds control characters')
  if (text.split(/[/\\]/u).some((part) => part === '.' || part === '..')) {
    throw values.unusable(place, 'would lead out of its place in the path')
  }
  return text
}
