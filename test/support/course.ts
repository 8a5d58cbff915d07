import { beginSession } from '../../src/flow/begin-session.ts'
import { exchange } from '../../src/flow/exchange.ts'
import type { World } from '../../src/flow/inquiry.ts'
import type { Flow } from '../../src/flow/model.ts'
import { type FlowRequest, readRequest } from '../../src/flow/request.ts'
import type { Session } from '../../src/flow/session.ts'
import type { Step } from '../../src/flow/step.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import { QUIET } from './world.ts'

export const NOW = new Date('2026-03-02T09:00:00Z')

/** A request as a phone sends it. */
export function sends(action: string, screen = '', data: JsonObject = {}): FlowRequest {
  return readRequest({ version: '4.0', action, screen, data, flow_token: 'token-1' })
}

/** One person going through a flow, request by request; what moves is kept as a database would keep it. */
export class Course {
  session: Session
  readonly #flow: Flow
  readonly #world: World

  constructor(flow: Flow, world: World = QUIET, session = beginSession(flow, undefined, 'token-1', 'ses_1', NOW)) {
    this.#flow = flow
    this.#world = world
    this.session = session
  }

  async take(request: FlowRequest, world: Partial<World> = {}): Promise<Step> {
    const step = await exchange(this.#flow, this.session, request, { ...this.#world, ...world })
    if (step.kind !== 'stay') this.session = { ...step.session, revision: this.session.revision + 1 }
    return step
  }

  open = (): Promise<Step> => this.take(sends('INIT'))
  back = (screen: string): Promise<Step> => this.take(sends('BACK', screen))
  submit = (screen: string, data: JsonObject = {}): Promise<Step> => this.take(sends('data_exchange', screen, data))
}
