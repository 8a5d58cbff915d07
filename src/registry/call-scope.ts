import { AsyncLocalStorage } from 'node:async_hooks'

/** The call of the gateway that the code now running belongs to. */
export interface CallScope {
  /** `performance.now()` when the call is told to end. */
  readonly endsAt?: number
  readonly signal?: AbortSignal
  /** 32 hex digits that all requests for one submission share. */
  readonly traceId?: string
}

const scopes = new AsyncLocalStorage<CallScope>()

/** Runs a part of a call; whatever it starts finds the scope, together with what was known around it. */
export function withinCall<Result>(scope: CallScope, work: () => Result): Result {
  return scopes.run({ ...scopes.getStore(), ...scope }, work)
}

/** The call under way; empty outside of any. */
export function callUnderWay(): CallScope {
  return scopes.getStore() ?? {}
}

/** Runs what belongs to no call, however it was started: it may outlast the one that happened to begin it. */
export function outsideCalls<Result>(work: () => Result): Result {
  return scopes.run({}, work)
}
