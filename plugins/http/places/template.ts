import type { Json } from 'flowgate/plugin'
import type { PlaceRule, Places } from './places.ts'

/** A text with `{name}` places. */
export interface Template {
  readonly places: readonly string[]
  /** The place that is the whole text. */
  readonly whole: string | undefined
  /** With every place filled by what `read` makes of it; `undefined` where it has places and none of them has a value. */
  fill(read: (place: string) => string | undefined): string | undefined
}

interface Place {
  readonly place: string
}

// `${…}` is a variable that is not set yet: configurations are checked without secrets, too.
const PIECES = /\$\{[^{}]*\}|\{\{|\}\}|\{[^{}]*\}|[{}]|\$|[^{}$]+/gu

/** Reads a text in which `{{` and `}}` are braces. Throws a sentence where another brace is no place, or `rule` says so. */
export function readTemplate(text: string, rule: PlaceRule): Template {
  const parts = [...text.matchAll(PIECES)].map(([piece]) => readPiece(piece, rule))
  const places = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.place]))
  const [only] = parts
  return {
    places,
    whole: parts.length === 1 && typeof only === 'object' ? only.place : undefined,
    fill(read) {
      const filled = parts.map((part) => (typeof part === 'string' ? part : read(part.place)))
      const found = parts.some((part, index) => typeof part === 'object' && filled[index] !== undefined)
      return places.length > 0 && !found ? undefined : filled.join('')
    },
  }
}

function readPiece(piece: string, rule: PlaceRule): string | Place {
  if (piece === '{{' || piece === '}}') return piece.charAt(0)
  if (!/^[{}]/u.test(piece)) return piece
  const place = piece.slice(1, -1)
  const fault = rule(place)
  if (fault === undefined) return { place }
  throw new Error(`\`${piece}\` is no place: ${fault}`)
}

/** JSON whose texts may hold places. */
export interface JsonTemplate {
  readonly places: readonly string[]
  /** Members and items without a value are left out; `undefined` where the whole has none. */
  fill(places: Places): Json | undefined
}

/** Reads JSON in which a text that is one place becomes the value itself, a number staying a number. */
export function readJsonTemplate(json: Json, rule: PlaceRule): JsonTemplate {
  if (typeof json === 'string') return readText(json, rule)
  if (Array.isArray(json)) {
    const items = json.map((item) => readJsonTemplate(item, rule))
    return {
      places: items.flatMap(({ places }) => places),
      fill: (values) => items.map((item) => item.fill(values)).filter((item) => item !== undefined),
    }
  }
  if (typeof json !== 'object' || json === null) return { places: [], fill: () => json }
  const members = Object.entries(json).map(([name, member]) => [name, readJsonTemplate(member, rule)] as const)
  return {
    places: members.flatMap(([, { places }]) => places),
    fill: (values) =>
      Object.fromEntries(
        members.flatMap(([name, member]) => {
          const filled = member.fill(values)
          return filled === undefined ? [] : [[name, filled] as const]
        }),
      ),
  }
}

function readText(text: string, rule: PlaceRule): JsonTemplate {
  const template = readTemplate(text, rule)
  const { places, whole } = template
  if (whole !== undefined) return { places, fill: (values) => values.value(whole) }
  return { places, fill: (values) => template.fill((place) => values.text(place)) }
}
