import type { Flow } from './model.ts'
import type { FlowRequest } from './request.ts'
import { NO_PROGRESS, type Session, type TokenBinding } from './session.ts'
import { variantOf } from './variant.ts'

/** What is known of a token when a request comes in with it. */
export interface Known {
  readonly session: Session | undefined
  readonly binding: TokenBinding | undefined
  /** What the same person left unfinished under another token, where the flow goes on with that. */
  readonly unfinished?: Session | undefined
}

/**
 * Which run a request belongs to. `expired`: its token or its run is over, and only a new message opens another.
 * Otherwise the session to go on with, a new one where none is open; `revision` is the stored one's (0: none), `goesOn` the
 * unfinished run whose answers it has, and `takesOver` that one where it is of another token of the same person.
 */
export type Run =
  | { readonly kind: 'expired' }
  | {
      readonly kind: 'open'
      readonly session: Session
      readonly revision: number
      readonly goesOn?: Session
      readonly takesOver?: Session
    }

/** Finds or begins the run of a request that carries a token. */
export function findRun(flow: Flow, known: Known, request: FlowRequest, token: string, id: string, now: Date): Run {
  const { session, binding } = known
  if (isOver(flow, binding, now)) return { kind: 'expired' }
  const revision = session?.revision ?? 0
  const fresh = (): Run => {
    const begun = beginSession(flow, binding, token, id, now)
    const { unfinished } = known
    const goesOn = unfinished ?? (session?.submissionId === undefined ? session : undefined)
    if (!flow.resume.person || goesOn === undefined) return { kind: 'open', session: begun, revision }
    const run = { kind: 'open', session: takeOver(flow, begun, goesOn, now), revision, goesOn } as const
    return unfinished === undefined ? run : { ...run, takesOver: unfinished }
  }
  if (session === undefined) return fresh()
  const finished = session.submissionId !== undefined
  const lapsed = !finished && session.expiresAt <= now
  if (request.action === 'INIT' && (finished || lapsed)) {
    // A token of ours stands for one message and so for one form; others' tokens may open many.
    return finished && flow.tokens === 'minted' ? { kind: 'expired' } : fresh()
  }
  if (lapsed) return { kind: 'expired' }
  return { kind: 'open', session, revision, ...(finished ? {} : { goesOn: session }) }
}

/** A run at its beginning: the token's person, source, language and prefilled answers, on the first screen. */
export function beginSession(
  flow: Flow,
  binding: TokenBinding | undefined,
  token: string,
  id: string,
  now: Date,
): Session {
  return renew(flow, now, {
    id,
    flow: flow.name,
    token,
    version: undefined,
    revision: 0,
    screen: flow.firstScreen,
    form: binding?.prefill ?? {},
    path: [],
    person: binding?.person ?? {},
    personKey: binding?.personKey,
    source: binding?.source ?? {},
    language: binding?.language ?? flow.language,
    // Where nobody can be told apart nobody could keep a variant.
    variant: token === '' ? undefined : variantOf(flow, binding?.personKey ?? token),
    progress: NO_PROGRESS,
    lastRequest: undefined,
    lastAnswer: undefined,
    submissionId: undefined,
    createdAt: now,
    updatedAt: now,
    expiresAt: now,
    purgeAt: now,
  })
}

/** The answers of an unfinished run under a new token; what the new token brings wins. */
function takeOver(flow: Flow, begun: Session, left: Session, now: Date): Session {
  const { form, path, source, progress } = left
  // A newer version may have other variants.
  const variant = flow.variants.find(({ name }) => name === left.variant)?.name
  // What a lapsed run held may be given back already.
  const reservations = left.expiresAt > now ? progress.reservations : {}
  return {
    ...begun,
    form: { ...form, ...begun.form },
    source: { ...source, ...begun.source },
    variant: variant ?? begun.variant,
    progress: { ...progress, reservations, refusals: {}, left: path.length > 1 ? path : progress.left },
  }
}

/** The session with its idle clock begun again. */
export function renew(flow: Flow, now: Date, session: Session): Session {
  const expiresAt = new Date(now.getTime() + flow.idleExpirySeconds * 1000)
  const purgeAt = new Date(expiresAt.getTime() + flow.purgeAfterSeconds * 1000)
  return { ...session, updatedAt: now, expiresAt, purgeAt }
}

function isOver(flow: Flow, binding: TokenBinding | undefined, now: Date): boolean {
  if (binding === undefined) return flow.tokens === 'minted'
  return binding.flow !== flow.name || binding.revokedAt !== undefined || binding.expiresAt <= now
}
