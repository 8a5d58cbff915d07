import type { Json, JsonObject } from '../plugin/json.ts'
import { canonicalText } from '../value/hash.ts'
import type { CompiledValue, Scope } from '../value/scope.ts'
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

  constructor(ask: string, way: Diversion['way']) {
    super(`the source of ask ${ask} cannot answer`)
    this.ask = ask
    this.way = way
  }
}

/** What to do where a source cannot answer: what is declared, or as if it had found nothing (for a screen that must be painted anyway). */
export type Manner = 'declared' | 'lenient'

interface Known {
  /** Names the parameters it was asked with. */
  readonly key: string
  readonly value: Json | undefined
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
  readonly #answered = new Set<string>()
  readonly #flags = new Set<string>()
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

  /** Whether this ask was put and answered without a value: what is missing is no choice of the person's. */
  cameBackEmpty(ask: string): boolean {
    return this.#answered.has(ask) && this.#known.get(ask)?.value === undefined
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
    const scope = (asked: JsonObject): Scope =>
      scopeOf(this.#flow, { session, screen, request: this.#request, now: this.#world.now, asked })
    const wanted = this.#flow.asks.size === 0 ? new Set<string>() : this.#asksOf(paths)
    if (wanted.size === 0) return scope({})
    const asked: Record<string, Json> = {}
    let open = [...wanted]
    while (open.length > 0) {
      const ready = open.filter((name) => [...this.#needs(name)].every((needed) => !open.includes(needed)))
      // Circles are refused when a flow is loaded.
      const turn = ready.length === 0 ? open : ready
      const answers = await Promise.all(turn.map((name) => this.#answer(name, scope(asked), manner)))
      for (const [index, name] of turn.entries()) {
        const value = answers[index]
        if (value !== undefined) asked[name] = value
      }
      open = open.filter((name) => !turn.includes(name))
    }
    return scope(asked)
  }

  /** The asks these paths refer to, and those they need themselves. */
  #asksOf(paths: readonly string[]): Set<string> {
    const found = new Set<string>()
    const add = (name: string): void => {
      if (found.has(name) || !this.#flow.asks.has(name)) return
      found.add(name)
      for (const needed of this.#needs(name)) add(needed)
    }
    for (const name of askNames(paths)) add(name)
    return found
  }

  #needs(name: string): ReadonlySet<string> {
    const ask = this.#flow.asks.get(name)
    return new Set(ask === undefined ? [] : askNames(pathsOfAsk(ask)))
  }

  async #answer(name: string, scope: Scope, manner: Manner): Promise<Json | undefined> {
    const ask = this.#flow.asks.get(name)
    if (ask === undefined || ask.when?.test(scope) === false) return undefined
    const parameters = await parametersOf(ask.with, scope)
    if (parameters === undefined) return undefined
    const key = canonicalText(parameters)
    const known = this.#known.get(name)
    if (known?.key === key) return known.value
    const reply = await this.#world.asking.ask({
      source: ask.source,
      query: ask.query,
      parameters,
      staleIfUnavailable:
        ask.ifUnavailable.length === 0 ? undefined : ask.ifUnavailable.some(({ kind }) => kind === 'stale'),
      fresh: this.#fresh,
    })
    const value = reply.kind === 'answered' ? taken(ask, reply.value) : this.#withoutAnswer(ask, reply, manner)
    if (reply.kind === 'answered' || manner === 'declared') this.#answered.add(name)
    this.#known.set(name, { key, value })
    return value
  }

  #withoutAnswer(ask: Ask, reply: Extract<Reply, { kind: 'unavailable' }>, manner: Manner): undefined {
    if (manner === 'lenient') return undefined
    const policy = ask.ifUnavailable.find(({ kind }) => kind !== 'stale') ?? declaredBySource(reply)
    if (policy?.kind === 'accept_and_flag') {
      this.#flags.add(ask.name)
      return undefined
    }
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

/** Names of the asks that paths such as `asked.slots.0.id` refer to. */
export function askNames(paths: readonly string[]): readonly string[] {
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
