import type { Configuration } from '../config/configuration.ts'
import type { Log } from '../log.ts'
import type { CrmObject } from '../plugin/crm-object.ts'
import type { Preparation } from '../plugin/definition.ts'
import type { Call, Health } from '../plugin/delivery.ts'
import { type Failure, FailureError } from '../plugin/failure.ts'
import { callWithin } from '../registry/call-within.ts'
import type { Registry, RunningDestination } from '../registry/registry.ts'
import { answerWithinMs } from './delivering.ts'
import { objectUses } from './object-uses.ts'
import { deadlineFailure, failureOf } from './verdict.ts'

/** What asking a destination something needs; no database. */
export interface Asking {
  readonly registry: Registry
  readonly configuration: () => Configuration
  readonly log: Log
}

/** Asks a destination whether it would accept a delivery now, under its own deadline. Never rejects. */
export async function askHealth(
  asking: Asking,
  name: string,
  stopping = new AbortController().signal,
): Promise<Health> {
  try {
    const destination = await asking.registry.destination(name)
    return await ask(asking, destination, stopping, (call) => destination.instance.health(call))
  } catch (error) {
    return { ok: false, failure: failureOf(error, undefined, asking.log) }
  }
}

// Each thing prepared or described is a request of its own, so the whole may take longer than a delivery.
const PREPARE_WITHIN_MS = 60_000

/**
 * Lists what exactly-once needs at a destination for what mappings write there, and with `apply` creates what is missing and
 * can be. Empty where its plugin needs nothing. Rejects with a FailureError.
 */
export async function prepareDestination(
  asking: Asking,
  name: string,
  { apply }: { readonly apply: boolean },
): Promise<readonly Preparation[]> {
  const destination = await asking.registry.destination(name)
  if (destination.kind !== 'crm' || destination.instance.prepare === undefined) return []
  const { instance } = destination
  const uses = objectUses(asking.configuration(), name)
  const prepare = async (call: Call) => (await instance.prepare?.(uses, apply, call)) ?? []
  return await ask(asking, destination, new AbortController().signal, prepare, PREPARE_WITHIN_MS)
}

/**
 * What these kinds of records look like in a CRM now; one that is not there is left out. `undefined` where its plugin cannot
 * say. Rejects with a FailureError.
 */
export async function describeObjects(
  asking: Asking,
  name: string,
  objects: readonly string[],
): Promise<readonly CrmObject[] | undefined> {
  const destination = await asking.registry.destination(name)
  if (destination.kind !== 'crm' || destination.instance.describe === undefined) return undefined
  const { instance } = destination
  const describe = async (call: Call) => (await instance.describe?.(objects, call)) ?? []
  return await ask(asking, destination, new AbortController().signal, describe, PREPARE_WITHIN_MS)
}

/** Asks a destination one question under its own deadline. Rejects with a FailureError. */
export async function ask<Answer>(
  { configuration, log }: Asking,
  destination: RunningDestination,
  stopping: AbortSignal,
  question: (call: Call) => Promise<Answer>,
  withinMs?: number,
): Promise<Answer> {
  const { name } = destination.settings
  const deadlineMs = withinMs ?? answerWithinMs(configuration(), name)
  const call = { idempotencyKey: `question.${name}`.slice(0, 64), attempt: 1, uncertain: false, resend: false }
  const called = await callWithin((signal) => question({ ...call, signal }), {
    deadlineMs,
    stopping,
    onLate: (late) => log.warn({ destination: name, late }, 'answer.discarded'),
  })
  if (called.kind === 'answered') return called.result
  if (called.kind === 'ended') throw new FailureError(deadlineFailure(name, deadlineMs))
  throw asFailure(failureOf(called.error, destination, log), called.error)
}

function asFailure(failure: Failure, cause: unknown): FailureError {
  return cause instanceof FailureError ? cause : new FailureError(failure, { cause })
}
