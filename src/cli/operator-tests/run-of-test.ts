import type { FlowTest } from '../../config/schema/tests.ts'
import { findRun, type Known, renew } from '../../flow/begin-session.ts'
import { exchange } from '../../flow/exchange.ts'
import type { World } from '../../flow/inquiry.ts'
import type { Flow } from '../../flow/model.ts'
import { personKey } from '../../flow/person-key.ts'
import { readRequest } from '../../flow/request.ts'
import type { Session, TokenBinding } from '../../flow/session.ts'
import type { Step } from '../../flow/step.ts'
import type { JsonObject } from '../../plugin/json.ts'

/** A request of the phone; `screen` is empty for INIT. */
export interface Sent {
  readonly action: 'INIT' | 'BACK' | 'data_exchange'
  readonly screen: string
  readonly data: JsonObject
}

/** The run that came to its end: submitted, or handed over to people. */
export interface Ended {
  readonly session: Session
  readonly occasion: 'submitted' | 'handed_over'
}

/** One person's runs through a flow under one token, kept as a database would keep them. Requests lie apart in time. */
export interface RunOfTest {
  /** What the gateway answers; `expired` where the token or the run is over. */
  send(sent: Sent): Promise<Step | 'expired'>
  /** The last end there was. */
  ended(): Ended | undefined
  /** What is held for the person now, by name: the parameters it was reserved with. */
  held(): JsonObject
}

const TOKEN = 'a token of flowgate test'
/** Long enough that the same request again is another press, not the same one come twice. */
const BETWEEN_SECONDS = 90
const FAR = new Date('9999-12-31T00:00:00Z')

/** A person as the test describes them, whose form was not opened yet. The token counts as minted by the gateway. */
export function createRunOfTest(
  flow: Flow,
  test: FlowTest,
  { asking, now: begin }: Pick<World, 'asking' | 'now'>,
  phoneVersion: string,
): RunOfTest {
  const binding = bindingOf(flow, test)
  let known: Known = { session: undefined, binding }
  let ended: Ended | undefined
  let sent = 0
  const betweenMs = Math.min(BETWEEN_SECONDS, flow.idleExpirySeconds / 2) * 1000

  return {
    async send({ action, screen, data }) {
      const request = readRequest({ version: phoneVersion, action, screen, data, flow_token: TOKEN })
      const now = new Date(begin.getTime() + sent * betweenMs)
      sent += 1
      const run = findRun(flow, known, request, TOKEN, `ses_test_${sent}`, now)
      if (run.kind === 'expired') return 'expired'
      const { session, revision } = run
      const begun = session.revision === 0 ? { ...session, variant: variantOf(flow, test) } : session
      const named = { ...begun, version: flow.version }
      const step = await exchange(flow, named, request, { asking, now, raced: false, alsoValidIn: [] })
      if (step.kind === 'stay') return step
      const stored = renew(flow, now, { ...step.session, revision: revision + 1 })
      if (step.kind === 'submit') {
        const finished = { ...stored, submissionId: 'sub_test' }
        ended = { session: finished, occasion: step.occasion ?? 'submitted' }
        known = { session: finished, binding }
      } else {
        known = { session: stored, binding }
      }
      return step
    },
    ended: () => ended,
    held() {
      const reservations = known.session?.progress.reservations ?? {}
      return Object.fromEntries(Object.entries(reservations).map(([name, { parameters }]) => [name, parameters]))
    },
  }
}

function bindingOf(flow: Flow, { person = {}, source = {}, prefill = {}, language }: FlowTest): TokenBinding {
  return {
    flow: flow.name,
    version: flow.version,
    person,
    personKey: personKey(person),
    source,
    language,
    prefill,
    expiresAt: FAR,
    revokedAt: undefined,
  }
}

function variantOf({ variants }: Flow, { variant }: FlowTest): string | undefined {
  return variant ?? variants.find(({ weight }) => weight > 0)?.name
}
