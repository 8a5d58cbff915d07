import type { Json } from 'flowgate/plugin'
import type { PlaceRule, Places } from '../places/places.ts'
import { readTemplate, type Template } from '../places/template.ts'

/** Reads a link whose places fill parts of it. Throws a sentence for the operator. */
export function readLink(text: string, rule: PlaceRule): Template {
  return readTemplate(text, rule)
}

/** A link with its places filled, each escaped; `undefined` where one has no value. */
export function linkOf(template: Template, places: Places): string | undefined {
  if (template.places.some((place) => places.value(place) === undefined)) return undefined
  return openable(template.fill((place) => encodeURIComponent(places.text(place) ?? '')))
}

/** An address that a person can open: http or https. */
export function openable(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined
  const { protocol, href } = new URL(value)
  return protocol === 'https:' || protocol === 'http:' ? href : undefined
}
