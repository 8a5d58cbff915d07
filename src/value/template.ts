import type { Path, Report } from '../config/issue.ts'
import { FLOW_ROOTS, type ValueOptions } from './options.ts'
import { type CompiledPath, compilePath } from './path.ts'
import type { CompiledValue, Root, Scope } from './scope.ts'
import { asText } from './text.ts'

/** Checks a text with `{path}` places. Evaluates to text, or absent when it has places and all of them lead nowhere. */
export function compileTemplate(
  text: string,
  report: Report,
  path: Path,
  options: Pick<ValueOptions, 'roots'> = {},
): CompiledValue {
  const parts = parse(text, report, path, options.roots ?? FLOW_ROOTS)
  const places = parts.filter((part) => typeof part === 'object')
  return {
    paths: [...new Set(places.map((place) => place.text))],
    evaluate: (scope) => Promise.resolve(fill(parts, places.length, scope)),
  }
}

type Part = string | CompiledPath

function parse(text: string, report: Report, path: Path, roots: readonly Root[]): readonly Part[] {
  const parts: Part[] = []
  const fault = (message: string) => report({ severity: 'error', path, code: 'FG_CONFIG_TEMPLATE', message })
  for (const [piece] of text.matchAll(/\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+/gu)) {
    if (piece === '{') fault('`{` is never closed: write `{form.name}` for a place, `{{` for a brace')
    else if (piece === '}') fault('`}` closes nothing: write `}}` for a brace')
    else if (piece === '{{' || piece === '}}') parts.push(piece.charAt(0))
    else if (!piece.startsWith('{')) parts.push(piece)
    else {
      const place = compilePath(piece.slice(1, -1).trim(), report, path, roots)
      if (place !== undefined) parts.push(place)
    }
  }
  return parts
}

function fill(parts: readonly Part[], places: number, scope: Scope): string | undefined {
  let filled = 0
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    const value = part.read(scope)
    if (value === undefined) continue
    filled += 1
    text += asText(value)
  }
  return places > 0 && filled === 0 ? undefined : text
}
