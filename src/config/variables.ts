import { readFileSync } from 'node:fs'
import type { Path, Report } from './issue.ts'

/** The environment a configuration is read with. */
export type Variables = Readonly<Record<string, string | undefined>>

/** A value with its `${VARIABLE}` filled in. */
export interface Filled {
  readonly value: unknown
  /** Places that still hold a variable, because it is not set: their text says nothing about their form. */
  readonly unfilled: readonly Path[]
}

const PLACE = /\$(\$\{|\{([^}]*)\})/gu
const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/u

/**
 * Fills in `${NAME}` and `${NAME:-default}` in every text below `value`; where NAME is not set or empty, the file named
 * by NAME_FILE holds it; `$${` is a plain `${`. What is set nowhere is reported by name, unless `secrets` are placeholders.
 */
export function fillVariables(
  value: unknown,
  path: Path,
  env: Variables,
  secrets: 'required' | 'placeholder',
  report: Report,
): Filled {
  const unfilled: Path[] = []
  const fill = (node: unknown, at: Path): unknown => {
    if (typeof node === 'string') return fillText(node, at)
    if (Array.isArray(node)) return node.map((item, index) => fill(item, [...at, index]))
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(Object.entries(node).map(([key, member]) => [key, fill(member, [...at, key])]))
  }
  const fillText = (text: string, at: Path): string =>
    text.replaceAll(PLACE, (whole, escaped: string, inside: string | undefined) => {
      if (escaped === '${') return '${'
      const [, name, standard] = VARIABLE.exec(inside ?? '') ?? []
      if (name === undefined) {
        const message = `${whole} is not a variable: write \${NAME} or \${NAME:-default}, or $\${ for a plain \${`
        report({ severity: 'error', path: at, code: 'FG_CONFIG_VARIABLE', message })
        return whole
      }
      const found = lookUp(name, env, at, report) ?? standard
      if (found !== undefined) return found
      unfilled.push(at)
      if (secrets === 'required') {
        const message = `${name} is not set: set it, or name a file that holds it in ${name}_FILE`
        report({ severity: 'error', path: at, code: 'FG_CONFIG_VARIABLE_UNSET', message })
      }
      return whole
    })
  return { value: fill(value, path), unfilled }
}

function lookUp(name: string, env: Variables, at: Path, report: Report): string | undefined {
  const given = env[name]
  if (given !== undefined && given !== '') return given
  const file = env[`${name}_FILE`]
  if (file === undefined || file === '') return undefined
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/u, '')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    const message = `${name}_FILE names ${file}, which cannot be read (${why}): check the path and its permissions`
    report({ severity: 'error', path: at, code: 'FG_CONFIG_VARIABLE_FILE', message })
    return ''
  }
}
