import { setTimeout as delay } from 'node:timers/promises'
import { withinCall } from './call-scope.ts'

/** Why a call was told to end: it took too long, or this process is stopping. */
export type Ended = 'deadline' | 'stopped'

/** How a call to a plugin went. `ended`: it said nothing, or threw, after it was told to end. */
export type Called<Result> =
  | { readonly kind: 'answered'; readonly result: Result }
  | { readonly kind: 'thrown'; readonly error: unknown }
  | { readonly kind: 'ended'; readonly why: Ended; readonly error: unknown }

export interface CallLimits {
  readonly deadlineMs: number
  /** Ends the call when the process stops. */
  readonly stopping: AbortSignal
  /** Hears of a call that ignored its signal and ended later: nothing waits for it, its result is lost. */
  readonly onLate: (late: 'answered' | 'thrown') => void
}

// How long a plugin may take to end its sockets and say something after its signal.
const GRACE_MS = 500

/** Calls a plugin and resolves at the latest shortly after the deadline, whatever the plugin does. Never rejects. */
export async function callWithin<Result>(
  call: (signal: AbortSignal) => Promise<Result>,
  { deadlineMs, stopping, onLate }: CallLimits,
): Promise<Called<Result>> {
  const controller = new AbortController()
  let why: Ended | undefined
  const end = (reason: Ended) => {
    why ??= reason
    controller.abort(new Error(reason === 'deadline' ? `no answer within ${deadlineMs} ms` : 'the process is stopping'))
  }
  const stop = () => end('stopped')
  stopping.addEventListener('abort', stop, { once: true })
  if (stopping.aborted) stop()
  const timer = setTimeout(() => end('deadline'), deadlineMs)
  const scope = { endsAt: performance.now() + deadlineMs, signal: controller.signal }
  const called = withinCall(scope, () => settled(call, controller.signal))
  try {
    const first = await Promise.race([called, graceAfter(controller.signal)])
    if (first === undefined) {
      void called.then((late) => onLate(late.kind))
      return { kind: 'ended', why: why ?? 'deadline', error: undefined }
    }
    return first.kind === 'thrown' && why !== undefined ? { kind: 'ended', why, error: first.error } : first
  } finally {
    clearTimeout(timer)
    stopping.removeEventListener('abort', stop)
  }
}

type Settled<Result> = Exclude<Called<Result>, { kind: 'ended' }>

async function settled<Result>(
  call: (signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): Promise<Settled<Result>> {
  try {
    return { kind: 'answered', result: await call(signal) }
  } catch (error) {
    return { kind: 'thrown', error }
  }
}

async function graceAfter(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  await delay(GRACE_MS)
}
