import type { Parameters } from './parameters.ts'
import { readTemplate } from './template.ts'

/** The path of a query below `base_url`, in which a parameter fills a part of one segment and never leaves it. */
export interface PathTemplate {
  readonly places: readonly string[]
  fill(parameters: Parameters): string
}

/** Reads `/departments/{department}/slots`. Throws a sentence where its own segments are empty or dots. */
export function readPath(text: string): PathTemplate {
  const segments = text.split('/').slice(1)
  if (segments.slice(0, -1).includes('') || segments.some(isDots)) {
    throw new Error(`the path ${text} holds an empty segment, . or ..: write it as the API is asked in the end`)
  }
  const { places, fill } = readTemplate(text)
  return { places, fill: (parameters) => fill((place) => encodeURIComponent(segmentText(place, parameters))) }
}

/** A URL takes `.` and `..` for ways and not for names, however they are written. */
function isDots(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/iu.test(segment)
}

/**
 * Dots alone are refused although slashes are encoded: together with a neighbour they could become a way, and servers and
 * proxies that decode `%2F` too early would see one between slashes.
 */
function segmentText(place: string, parameters: Parameters): string {
  const text = parameters.text(place)
  if (text === '') throw parameters.unusable(place, 'is empty')
  if (/\p{Cc}/u.test(text)) throw parameters.unusable(place, 'holds control characters')
  if (text.split(/[/\\]/u).some((part) => part === '.' || part === '..')) {
    throw parameters.unusable(place, 'would lead out of its place in the path')
  }
  return text
}
