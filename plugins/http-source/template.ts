import type { Json } from 'flowgate/plugin'
import type { Parameters } from './parameters.ts'

/** A text with `{name}` places. */
export interface Template {
  readonly places: readonly string[]
  /** The place that is the whole text. */
  readonly whole: string | undefined
  /** With every place filled by what `read` makes of it. */
  fill(read: (place: string) => string): string
}

interface Place {
  readonly place: string
}

// `${…}` is a variable that is not set yet: configurations are checked without secrets, too.
const PIECES = /\$\{[^{}]*\}|\{\{|\}\}|\{[^{}]*\}|[{}]|\$|[^{}$]+/gu
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/u

/** Reads a text in which `{{` and `}}` are braces. Throws a sentence where another brace is no place. */
export function readTemplate(text: string): Template {
  const parts = [...text.matchAll(PIECES)].map(([piece]) => readPiece(piece))
  const places = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.place]))
  const [only] = parts
  return {
    places,
    whole: parts.length === 1 && typeof only === 'object' ? only.place : undefined,
    fill: (read) => parts.map((part) => (typeof part === 'string' ? part : read(part.place))).join(''),
  }
}

function readPiece(piece: string): string | Place {
  if (piece === '{{' || piece === '}}') return piece.charAt(0)
  if (!/^[{}]/u.test(piece)) return piece
  const place = piece.slice(1, -1)
  if (NAME.test(place)) return { place }
  throw new Error(`\`${piece}\` is no place: write {name} for a parameter, {{ and }} for braces`)
}

/** JSON whose texts may hold places. */
export interface JsonTemplate {
  readonly places: readonly string[]
  fill(parameters: Parameters): Json
}

/** Reads JSON in which a text that is one place becomes the parameter itself, a number staying a number. */
export function readJsonTemplate(json: Json): JsonTemplate {
  if (typeof json === 'string') return readText(json)
  if (Array.isArray(json)) {
    const items = json.map(readJsonTemplate)
    return {
      places: items.flatMap(({ places }) => places),
      fill: (parameters) => items.map((item) => item.fill(parameters)),
    }
  }
  if (typeof json !== 'object' || json === null) return { places: [], fill: () => json }
  const members = Object.entries(json).map(([name, member]) => [name, readJsonTemplate(member)] as const)
  return {
    places: members.flatMap(([, { places }]) => places),
    fill: (parameters) => Object.fromEntries(members.map(([name, member]) => [name, member.fill(parameters)])),
  }
}

function readText(text: string): JsonTemplate {
  const template = readTemplate(text)
  const { places, whole } = template
  if (whole !== undefined) return { places, fill: (parameters) => parameters.value(whole) }
  return { places, fill: (parameters) => template.fill((place) => parameters.text(place)) }
}
