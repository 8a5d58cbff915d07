import jsonata from 'jsonata'
import type { Path, Report } from '../config/issue.ts'
import type { Json, JsonObject } from '../plugin/json.ts'
import { inspect, type Node } from './expression-guard.ts'
import { EXPRESSION_LIMITS, ExpressionLimitError, Watch } from './expression-limits.ts'
import { PatternLimitError, SafeRegex } from './pattern.ts'
import type { CompiledValue, Root, Scope } from './scope.ts'
import { ValueError } from './value-error.ts'

/** Checks a JSONata expression once. Every mistake is reported, with its column inside the expression; a mistaken one is absent. */
export function compileExpression(text: unknown, report: Report, path: Path, roots: readonly Root[]): CompiledValue {
  const fault = (message: string) => report({ severity: 'error', path, code: 'FG_CONFIG_EXPRESSION', message })
  if (typeof text !== 'string' || text.trim() === '') {
    fault('`expr` is a JSONata expression, as text')
    return ABSENT
  }
  if (text.length > EXPRESSION_LIMITS.characters) {
    fault(`an expression has ${EXPRESSION_LIMITS.characters} characters at most, this one ${text.length}`)
    return ABSENT
  }
  if ((text.match(/\?[:?]/gu) ?? []).length > MOST_FALLBACKS) {
    fault(`an expression has ${MOST_FALLBACKS} of \`?:\` and \`??\` at most: use \`first_of\``)
    return ABSENT
  }
  const parsed = parse(text)
  if (parsed instanceof SyntaxError) {
    fault(parsed.message)
    return ABSENT
  }
  const { offences, paths } = inspect(parsed.ast() as unknown as Node, roots)
  for (const { severity, message, position } of offences) {
    report({ severity, path, code: 'FG_CONFIG_EXPRESSION', message: `${message}${at(text, position)}` })
  }
  return offences.some(({ severity }) => severity === 'error')
    ? ABSENT
    : { paths, evaluate: (scope) => run(parsed, text, paths, scope) }
}

/** The parser copies what stands left of each, so nested ones double the tree. */
const MOST_FALLBACKS = 8

const ABSENT: CompiledValue = { paths: [], evaluate: () => Promise.resolve(undefined) }

function parse(text: string): jsonata.Expression | SyntaxError {
  try {
    const expression = jsonata(text, {
      // The engine only ever calls `new RegexEngine(regex)` and `exec`.
      RegexEngine: SafeRegex as unknown as RegExpConstructor,
      timeout: EXPRESSION_LIMITS.timeMs,
      stack: EXPRESSION_LIMITS.depth,
      sequence: EXPRESSION_LIMITS.items,
    })
    watch(expression)
    return expression
  } catch (error) {
    const { message, position } = error as { readonly message?: string; readonly position?: number }
    return new SyntaxError(`${message ?? 'not an expression'}${at(text, position)}`)
  }
}

/** The engine's hooks for debuggers: called with every node's result, and what they throw ends the evaluation. */
function watch(expression: jsonata.Expression): void {
  const guard = new Watch()
  const hooks = expression as unknown as { assign(name: symbol, hook: (...given: never[]) => void): void }
  const entry = (_node: Node, _input: unknown, environment: { readonly base: object }) => guard.enter(environment.base)
  const exit = (node: Node, _input: unknown, _environment: object, result: unknown) => guard.leave(result, node)
  hooks.assign(Symbol.for('jsonata.__evaluate_entry'), entry)
  hooks.assign(Symbol.for('jsonata.__evaluate_exit'), exit)
}

async function run(
  expression: jsonata.Expression,
  text: string,
  paths: readonly string[],
  scope: Scope,
): Promise<Json | undefined> {
  let result: unknown
  try {
    result = await alone(() => expression.evaluate(only(paths, scope)))
  } catch (error) {
    throw new ValueError('FG_VALUE_EXPRESSION', `the expression ${why(error)}${at(text, positionOf(error))}`)
  }
  return plain(result)
}

let last: Promise<unknown> = Promise.resolve()

/**
 * One evaluation after the other. The engine awaits each of its steps, so on this one thread several would only go step by step
 * about, and each would be charged with what the others compute.
 */
function alone<Result>(evaluate: () => Promise<Result>): Promise<Result> {
  const evaluating = last.then(evaluate)
  last = evaluating.catch(() => {})
  return evaluating
}

/** Just what the expression names: it can neither see more nor be slowed by it. */
function only(paths: readonly string[], scope: Scope): JsonObject {
  const input: Record<string, Json> = {}
  for (const path of paths) copy(scope as unknown as JsonObject, input, path.split('.'))
  return input
}

function copy(from: JsonObject, to: Record<string, Json>, [name, ...rest]: readonly string[]): void {
  if (name === undefined || !Object.hasOwn(from, name)) return
  const value = from[name]
  if (value === undefined || value === null) return
  if (rest.length === 0 || typeof value !== 'object' || Array.isArray(value)) {
    define(to, name, structuredClone(value))
    return
  }
  const begun = Object.hasOwn(to, name) ? to[name] : undefined
  const inner: Record<string, Json> = typeof begun === 'object' && begun !== null ? (begun as JsonObject) : {}
  copy(value as JsonObject, inner, rest)
  define(to, name, inner)
}

function define(to: object, name: string, value: Json): void {
  Object.defineProperty(to, name, { value, enumerable: true, writable: true, configurable: true })
}

/** Plain JSON of what the engine returned: no functions, no marked lists, no number that JSON lacks. */
function plain(value: unknown): Json | undefined {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean')
    return value ?? undefined
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    throw new ValueError('FG_VALUE_EXPRESSION', 'the expression gives a number that does not exist, such as 1 / 0')
  }
  if (Array.isArray(value)) return value.map((item) => plain(item) ?? null)
  if (typeof value !== 'object' || '_jsonata_function' in value) {
    throw new ValueError('FG_VALUE_EXPRESSION', 'the expression gives a pattern or a function instead of a value')
  }
  const members = Object.entries(value).map(([key, member]) => [key, plain(member)] as const)
  return Object.fromEntries(members.filter((entry): entry is [string, Json] => entry[1] !== undefined))
}

/** Only our words: the engine's own messages quote the person's answers. */
const REASONS: Readonly<Record<string, string>> = {
  T2001: 'needs a number left of the operator',
  T2002: 'needs a number right of the operator',
  T2003: 'needs whole numbers around `..`',
  T2004: 'needs whole numbers around `..`',
  T2009: 'compares a number with a text',
  T2010: 'compares something that is neither number nor text',
  T0410: 'gives a function an argument of the wrong kind',
  T0411: 'gives a function a value of the wrong kind',
  T0412: 'gives a function a list with an item of the wrong kind',
  D1001: 'makes a number that is too large',
  D1002: 'makes a number of something that is none',
  D1004: 'has a pattern that matches nothing at all',
  D1011: 'is nested too deeply',
  D1012: 'takes too long',
  D2014: 'makes too long a list',
  D2015: 'makes too long a list',
  D3030: 'makes a number of something that is none',
  D3061: 'makes a number that is too large',
  D3110: 'needs an ISO date',
}

function why(error: unknown): string {
  if (error instanceof ExpressionLimitError) return error.message
  if (error instanceof PatternLimitError) return 'searches a text that is too long for its pattern'
  const code = codeOf(error)
  return REASONS[code] ?? `cannot be worked out for these answers (JSONata ${code})`
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'error'
}

function positionOf(error: unknown): number | undefined {
  const position = typeof error === 'object' && error !== null && 'position' in error ? error.position : undefined
  return typeof position === 'number' ? position : undefined
}

/** The engine says where a token ends; people look for where it begins. */
function at(text: string, position: number | undefined): string {
  if (position === undefined) return ''
  const token = /(?:\$*[\w$]+|\S)$/u.exec(text.slice(0, position))
  return ` (column ${(token?.index ?? position) + 1} of the expression)`
}
