import { didYouMean } from './nearest.ts'
import { rootFault } from './path.ts'
import { regexFault } from './pattern.ts'
import type { Root } from './scope.ts'

/** A node of JSONata's syntax tree, as far as the guard reads it. Positions count characters up to the end of the token. */
export interface Node {
  readonly type: string
  readonly value?: unknown
  readonly position?: number
  readonly [member: string]: unknown
}

/** Something in an expression that is not allowed, or likely meant otherwise, and where it ends. */
export interface Offence {
  readonly severity: 'error' | 'advice'
  readonly message: string
  readonly position: number | undefined
}

/** Functions an expression may call: each gives the same for the same answers and cannot grow without bound by itself. */
export const EXPRESSION_FUNCTIONS: readonly string[] = [
  ...['string', 'length', 'substring', 'substringBefore', 'substringAfter', 'uppercase', 'lowercase', 'trim'],
  ...['contains', 'split', 'join', 'match', 'replace', 'encodeUrlComponent', 'base64encode'],
  ...['number', 'abs', 'floor', 'ceil', 'round', 'power', 'sqrt', 'formatNumber', 'formatBase', 'formatInteger'],
  ...['sum', 'max', 'min', 'average', 'count', 'append', 'reverse', 'zip'],
  ...['boolean', 'not', 'exists', 'type', 'keys', 'lookup', 'spread', 'merge', 'fromMillis', 'toMillis'],
]

const PICTURED: readonly string[] = ['formatNumber', 'formatInteger']
const NOT_REPEATABLE = 'a replay would give another result: use a date or number from the form'
const HIGHER_ORDER =
  'functions cannot be given to functions: use a path with a filter, such as `form.items[price > 3].name`'

const REFUSED: Readonly<Record<string, string>> = {
  eval: 'it would run what a person typed',
  pad: 'one call can fill the memory',
  distinct: 'it takes too long for long lists: use the `unique` transform',
  sort: 'write `form.items^(price)`',
  ...Object.fromEntries(['now', 'millis', 'random', 'shuffle'].map((name) => [name, NOT_REPEATABLE])),
  ...Object.fromEntries(['map', 'filter', 'reduce', 'each', 'sift', 'single'].map((name) => [name, HIGHER_ORDER])),
}

const NOT_AVAILABLE: Readonly<Record<string, string>> = {
  lambda: 'functions of one’s own are not available',
  partial: 'partly applied functions are not available',
  bind: 'variables are not available',
  transform: 'the transform operator `| … |` is not available',
  wildcard: 'the wildcard `*` is not available: name the field',
  descendant: 'the descendant wildcard `**` is not available: name the field',
  parent: 'the parent operator `%` is not available',
  index: 'the index binding `#` is not available',
}

/** How a node's children stand: `whole` sees the roots, `part` an item of a list or a member of something. */
type Context = 'whole' | 'part'

/** Walks a syntax tree once: what is not allowed or doubtful, and every path that starts at a root. */
export function inspect(
  tree: Node,
  roots: readonly Root[],
): { readonly offences: Offence[]; readonly paths: string[] } {
  const found = { offences: [] as Offence[], paths: new Set<string>() }
  walk(tree, 'whole', { ...found, roots })
  return { offences: found.offences, paths: [...found.paths] }
}

interface Inspection {
  readonly offences: Offence[]
  readonly paths: Set<string>
  readonly roots: readonly Root[]
}

function walk(node: Node, context: Context, into: Inspection): void {
  const refuse = (message: string): void => {
    into.offences.push({ severity: 'error', message, position: node.position })
  }
  walkExtras(node, into)
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value':
    case 'name': // Only as a step of a path, which has judged the first one.
      break
    case 'path':
      walkPath(node, context, into)
      break
    case 'variable':
      if (node.value !== '') refuse(variableFault(node.value))
      else if (context === 'whole') refuse('`$` is the whole scope here: name what you need, such as `form.email`')
      break
    case 'regex': {
      const fault = node.value instanceof RegExp ? regexFault(node.value) : 'a pattern cannot stand here'
      if (fault !== undefined) refuse(fault)
      break
    }
    case 'apply':
      walkApply(node, context, into)
      break
    case 'unary':
    case 'binary':
    case 'condition':
    case 'block':
      walkAll(children(node), context, into)
      break
    case 'function':
      checkFunction(node, nodes(node['arguments']), into)
      walkAll(nodes(node['arguments']), context, into)
      break
    case 'sort':
      for (const term of nodes(node['terms'])) walkAll(nodes([term['expression']]), 'part', into)
      break
    default:
      refuse(NOT_AVAILABLE[node.type] ?? `\`${node.type}\` is not available in expressions`)
  }
}

function walkApply(node: Node, context: Context, into: Inspection): void {
  const [left, call] = [nodes([node['lhs']]), nodeOf(node['rhs'])]
  walkAll(left, context, into)
  if (call?.type === 'function') {
    const own = nodes(call['arguments'])
    walkExtras(call, into)
    checkFunction(call, [...left, ...own], into)
    walkAll(own, context, into)
  } else {
    const message = 'right of `~>` stands a function call, such as `$trim()`'
    into.offences.push({ severity: 'error', message, position: node.position })
  }
}

/** Filters and grouping can hang on any node; what they hold looks at one item of it. */
function walkExtras(node: Node, into: Inspection): void {
  if (node['focus'] !== undefined || node['index'] !== undefined) {
    into.offences.push({
      severity: 'error',
      message: 'the bindings `@` and `#` are not available',
      position: node.position,
    })
  }
  for (const extra of [...nodes(node['predicate']), ...nodes(node['stages'])]) {
    if (extra.type === 'filter') walkAll(nodes([extra['expr']]), 'part', into)
    else walk(extra, 'part', into)
  }
  const group = nodeOf(node['group'])
  if (group !== undefined) walkAll(nodes(group['lhs']), 'part', into)
}

function walkPath(node: Node, context: Context, into: Inspection): void {
  const [first, ...rest] = nodes(node['steps'])
  if (first === undefined) return
  const absolute = first.type === 'variable' && (first.value === '$' || (first.value === '' && context === 'whole'))
  if (absolute) {
    walkExtras(first, into)
    notePath(rest, first, into)
  } else if (first.type === 'name' && context === 'whole') {
    notePath([first, ...rest], first, into)
    walkExtras(first, into)
  } else {
    if (first.type === 'name' && rest.length > 0 && into.roots.some((root) => root === first.value)) {
      const message = `\`${String(first.value)}\` means a member of the item here: write \`$$.${String(first.value)}\` for the answers`
      into.offences.push({ severity: 'advice', message, position: first.position })
    }
    walk(first, context, into)
  }
  for (const step of rest) walk(step, 'part', into)
}

/** The names that follow one another from a root on: what the expression reads. */
function notePath(steps: readonly Node[], from: Node, into: Inspection): void {
  const names: string[] = []
  for (const step of steps) {
    if (step.type !== 'name') break
    names.push(String(step.value))
    if (step['stages'] !== undefined || step['predicate'] !== undefined) break
  }
  const whole = names.join('.')
  const fault = whole === '' ? 'name what you need, such as `form.email`' : rootFault(whole, into.roots)
  if (fault === undefined) into.paths.add(whole)
  else into.offences.push({ severity: 'error', message: fault, position: from.position })
}

/** `given`: all arguments, the one in front of `~>` included. */
function checkFunction(node: Node, given: readonly Node[], into: Inspection): void {
  const procedure = nodeOf(node['procedure'])
  const refuse = (message: string): void => {
    into.offences.push({ severity: 'error', message, position: procedure?.position ?? node.position })
  }
  const name = procedure?.type === 'variable' ? String(procedure.value) : undefined
  if (name === undefined) {
    refuse('only functions with a name can be called')
    return
  }
  if (!EXPRESSION_FUNCTIONS.includes(name)) {
    const why = Object.hasOwn(REFUSED, name) ? `: ${REFUSED[name]}` : didYouMean(name, EXPRESSION_FUNCTIONS)
    refuse(`\`$${name}\` is not available${why}`)
    return
  }
  if (name === 'toMillis' && given.length > 1) {
    refuse('`$toMillis` takes an ISO date alone: read other forms with the `date` transform')
  }
  // A picture made of answers could be of any length, and long ones take the engine seconds. It stands first where the
  // number is the item at hand.
  if (PICTURED.includes(name) && !given.slice(0, 2).some(({ type }) => type === 'string')) {
    refuse(`the form that \`$${name}\` writes in is a text of its own, such as \`$${name}(form.price, "0")\``)
  }
}

function variableFault(name: unknown): string {
  return name === '$'
    ? '`$$` is the whole scope: name what you need, such as `form.email`'
    : `\`$${String(name)}\` is not available: variables cannot be set, and functions are only called`
}

const MEMBERS = ['lhs', 'rhs', 'expression', 'expressions', 'condition', 'then', 'else'] as const

function children(node: Node): readonly Node[] {
  return MEMBERS.flatMap((member) => nodes(Array.isArray(node[member]) ? node[member] : [node[member]]))
}

function walkAll(all: readonly Node[], context: Context, into: Inspection): void {
  for (const node of all) walk(node, context, into)
}

/** Every node in a list, and in the pairs of a list of pairs. */
function nodes(list: unknown): readonly Node[] {
  if (!Array.isArray(list)) return []
  return list.flat().flatMap((item: unknown) => nodeOf(item) ?? [])
}

function nodeOf(value: unknown): Node | undefined {
  return typeof value === 'object' && value !== null ? (value as Node) : undefined
}
