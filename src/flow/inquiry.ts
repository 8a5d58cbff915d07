import type { Json, JsonObject } from '../plugin/json.ts'
import { canonicalText } from '../value/hash.ts'
import type { CompiledValue, Scope } from '../value/scope.ts'
import { ValueError } from '../value/value-error.ts'
import type { Asking, Reply, Reservation, Reserved } from './asking.ts'
import type { Ask, AskFallback, Flow } from './model.ts'
import type { FlowRequest } from './request.ts'
import { scopeOf } from './scope.ts'
import type { Session } from './session.ts'
import type { Words } from './words.ts'

/** What an exchange needs of the world around it. */
export interface World {
  readonly asking: Asking
  readonly now: Date
  /** Another request of the same session was answered while this one was on its way. */
  readonly raced: boolean
  /** Further versions in which the answer must be valid, because it is not known which one the phone has. */
  readonly alsoValidIn: readonly Flow[]
}

/** A source could not answer, and what was declared for that leads elsewhere than the exchange was going. */
export class Diversion extends Error {
  override readonly name = 'Diversion'
  readonly ask: string
  readonly way:
    | { readonly kind: 'show'; readonly screen: string }
    | { readonly kind: 'message'; readonly words: Words | undefined }

  /** What the run had come to, where that is more than the answers of its request. */
  readonly reached: { readonly session: Session; readonly givesBack: readonly Reservation[] } | undefined

  constructor(ask: string, way: Diversion['way'], reached?: Diversion['reached']) {
    super(`the source of ask ${ask} cannot answer`)
    this.ask = ask
    this.way = way
    this.reached = reached
  }
}

/** What to do where a source cannot answer: what is declared, or as if it had found nothing (for a screen that must be painted anyway). */
export type Manner = 'declared' | 'lenient'

interface Known {
  /** Names the parameters it was asked with. */
  readonly key: string
  readonly reply: Reply
}

/**
 * All questions of one exchange. A value's asks are put when it is about to be evaluated, side by side, each question
 * once; asks that need others' answers come after them.
 */
export class Inquiry {
  readonly #flow: Flow
  readonly #request: FlowRequest
  readonly #world: World
  readonly #known = new Map<string, Known>()
  readonly #empty = new Set<string>()
  readonly #flags = new Set<string>()
  readonly #remarks = new Set<string>()
  #fresh = false

  constructor(flow: Flow, request: FlowRequest, world: World) {
    this.#flow = flow
    this.#request = request
    this.#world = world
  }

  /** Asks whose source could not answer and whose policy let the exchange go on. */
  get flags(): readonly string[] {
    return [...this.#flags]
  }

  /** The day where the flow is at home, `YYYY-MM-DD`. */
  get today(): string {
    return this.#flow.dayOf(this.#world.now)
  }

  /** Questions that could not be put: one sentence each for the operator, never with an answer of the person's. */
  get remarks(): readonly string[] {
    return [...this.#remarks]
  }

  /** Whether one of the asks these paths refer to was answered without a value: what is missing is no choice of the person's. */
  cameBackEmpty(paths: readonly string[]): boolean {
    const asks = askNames([...this.#needed(paths)])
    return asks.some((ask) => this.#empty.has(ask))
  }

  /** Holds something for the run. */
  reserve(reservation: Reservation, { flow, token, id }: Session): Promise<Reserved> {
    return this.#world.asking.reserve(reservation, { flow, token, id })
  }

  /** From now on nothing kept may be used. */
  beginAnew(): void {
    this.#fresh = true
    this.#known.clear()
  }

  /** What values with these paths may refer to on a screen. Rejects with a Diversion where a source's fallback says so. */
  async scope(session: Session, screen: string, paths: readonly string[], manner: Manner = 'declared'): Promise<Scope> {
    const asked: Record<string, Json> = {}
    const values: Record<string, Json> = {}
    const scope = (): Scope =>
      scopeOf(this.#flow, { session, screen, request: this.#request, now: this.#world.now, asked, values })
    const { asks, values: named } = this.#flow
    if (asks.size + named.size === 0) return scope()
    let open = [...this.#needed(paths)]
    while (open.length > 0) {
      const ready = open.filter((name) => this.#needs(name).every((needed) => !open.includes(needed)))
      // Circles are refused when a flow is loaded.
      const turn = ready.length === 0 ? open : ready
      const known = scope()
      await Promise.all(
        turn.map(async (path) => {
          const [root, name] = partsOf(path)
          const value =
            root === 'asked' ? await this.#answer(name, known, manner) : await workOut(named.get(name), known)
          if (value !== undefined) (root === 'asked' ? asked : values)[name] = value
        }),
      )
      open = open.filter((name) => !turn.includes(name))
    }
    return scope()
  }

  /** The asks and values these paths refer to, and those that these need themselves, as `asked.x` and `values.x`. */
  #needed(paths: readonly string[]): ReadonlySet<string> {
    const found = new Set<string>()
    const open = [...namedIn(paths)]
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const [root, name] = partsOf(path)
      const known = root === 'asked' ? this.#flow.asks.has(name) : this.#flow.values.has(name)
      if (!known || found.has(path)) continue
      found.add(path)
      open.push(...this.#needs(path))
    }
    return found
  }

  #needs(path: string): readonly string[] {
    const [root, name] = partsOf(path)
    if (root === 'values') return namedIn(this.#flow.values.get(name)?.paths ?? [])
    const ask = this.#flow.asks.get(name)
    return ask === undefined ? [] : namedIn(pathsOfAsk(ask))
  }

  async #answer(name: string, scope: Scope, manner: Manner): Promise<Json | undefined> {
    const ask = this.#flow.asks.get(name)
    this.#empty.delete(name)
    if (ask === undefined || ask.when?.test(scope) === false) return undefined
    const parameters = await this.#parametersOf(ask, scope)
    if (parameters === undefined) return undefined
    const reply = await this.#replyTo(ask, parameters)
    const value = reply.kind === 'answered' ? taken(ask, reply.value) : this.#withoutAnswer(ask, reply, manner)
    if (value === undefined && (reply.kind === 'answered' || manner === 'declared')) this.#empty.add(name)
    return value
  }

  /** What cannot be worked out is absent: a question about it would find nothing. */
  async #parametersOf(ask: Ask, scope: Scope): Promise<JsonObject | undefined> {
    try {
      return await parametersOf(ask.with, scope)
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
      this.#remarks.add(`ask ${ask.name} was not put: ${error.message}`)
      return undefined
    }
  }

  /** The reply is kept, not what was made of it: one who asks leniently must not decide for one who does not. */
  async #replyTo(ask: Ask, parameters: JsonObject): Promise<Reply> {
    const key = canonicalText(parameters)
    const known = this.#known.get(ask.name)
    if (known?.key === key) return known.reply
    const { source, query, ifUnavailable } = ask
    const mayStandIn = ifUnavailable.some(({ kind }) => kind === 'stale')
    const staleIfUnavailable = ifUnavailable.length === 0 ? undefined : mayStandIn
    const question = { source, query, parameters, staleIfUnavailable, fresh: this.#fresh }
    const reply = await this.#world.asking.ask(question)
    this.#known.set(ask.name, { key, reply })
    return reply
  }

  #withoutAnswer(ask: Ask, reply: Extract<Reply, { kind: 'unavailable' }>, manner: Manner): undefined {
    const policy = ask.ifUnavailable.find(({ kind }) => kind !== 'stale') ?? declaredBySource(reply)
    if (policy?.kind === 'accept_and_flag') {
      this.#flags.add(ask.name)
      return undefined
    }
    if (manner === 'lenient') return undefined
    if (policy?.kind === 'show') throw new Diversion(ask.name, { kind: 'show', screen: policy.screen })
    throw new Diversion(ask.name, { kind: 'message', words: policy?.kind === 'message' ? policy.words : undefined })
  }
}

/** All of a question's parameters; `undefined` where one is absent, for then it is not asked. */
export async function parametersOf(
  values: ReadonlyMap<string, CompiledValue>,
  scope: Scope,
): Promise<JsonObject | undefined> {
  const parameters: Record<string, Json> = {}
  for (const [name, value] of values) {
    const parameter = await value.evaluate(scope)
    if (parameter === undefined) return undefined
    parameters[name] = parameter
  }
  return parameters
}

/** The asks and values that paths refer to, once each, as `asked.x` and `values.x`. */
function namedIn(paths: readonly string[]): readonly string[] {
  const named = paths.filter((path) => path.startsWith('asked.') || path.startsWith('values.'))
  return [...new Set(named.map((path) => partsOf(path).join('.')))]
}

function partsOf(path: string): readonly [root: string, name: string] {
  const [root = '', name = ''] = path.split('.')
  return [root, name]
}

/** A value of the flow; absent where it cannot be worked out for this person. */
export async function workOut(value: CompiledValue | undefined, scope: Scope): Promise<Json | undefined> {
  try {
    return await value?.evaluate(scope)
  } catch (error) {
    if (error instanceof ValueError) return undefined
    throw error
  }
}

/** Names of the asks that paths such as `asked.slots.0.id` refer to. */
function askNames(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => path.startsWith('asked.')).map((path) => path.split('.')[1] ?? '')
}

/** Every path an ask's parameters and condition refer to. */
export function pathsOfAsk(ask: Ask): readonly string[] {
  return [...[...ask.with.values()].flatMap(({ paths }) => paths), ...(ask.when?.paths ?? [])]
}

function taken(ask: Ask, answer: Json): Json | undefined {
  if (answer === null) return undefined
  if (ask.take === 'all' || !Array.isArray(answer)) return answer
  const [first] = answer
  return first === null ? undefined : first
}

function declaredBySource({ fallback }: Extract<Reply, { kind: 'unavailable' }>): AskFallback | undefined {
  if (fallback === undefined) return undefined
  return fallback === 'accept_and_flag' ? { kind: 'accept_and_flag' } : { kind: 'message', words: fallback.message }
}
