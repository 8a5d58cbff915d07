import type { DataFault } from '../whatsapp/flow-json.ts'
import type { Flow } from './model.ts'
import type { FlowRequest } from './request.ts'
import { type ScreenAnswer, SUCCESS } from './session.ts'

/** A fault of an answer, with the line of `flow.yaml` that leads to it. */
export interface PlacedFault extends DataFault {
  /** `file:line:column`. */
  readonly place: string
}

/** Above this an answer is refused (Meta's Image component page: the data channel carries 1 MB). Characters of JSON. */
const LARGEST_ANSWER = 1024 * 1024

/**
 * What is wrong with an answer to this request, measured against the flow's Flow JSON: the screen exists, the
 * transition is one Meta's clients allow (same screen, forward edge, back along an edge, an entry screen on INIT), its
 * data fits the screen. Empty when the answer may be sealed.
 */
export function faultsOf(flow: Flow, request: FlowRequest, answer: ScreenAnswer): readonly PlacedFault[] {
  return unplaced(flow, request, answer).map((fault) => ({ ...fault, place: placeOf(flow, answer.screen, fault.path) }))
}

/** Where in `flow.yaml` a key of a screen's data comes from; the screen itself where no key is meant. */
export function placeOf(flow: Flow, screen: string, path: string): string {
  const [key] = path.split('.')
  return flow.place(key === undefined || key === '' ? ['screens', screen] : ['screens', screen, 'data', key])
}

function unplaced(flow: Flow, request: FlowRequest, answer: ScreenAnswer): readonly DataFault[] {
  if (answer.screen === SUCCESS) return sizeFaults(answer)
  const screen = flow.flowJson.screens.get(answer.screen)
  if (screen === undefined) return [{ path: '', message: `screen ${answer.screen} is not in the Flow JSON` }]
  const transition = transitionFault(flow, request, answer.screen)
  return [...(transition === undefined ? [] : [transition]), ...screen.check(answer.data), ...sizeFaults(answer)]
}

function transitionFault(flow: Flow, request: FlowRequest, to: string): DataFault | undefined {
  const { entryScreens, routing, screens } = flow.flowJson
  const from = request.screen
  if (request.action === 'INIT' || !screens.has(from)) {
    if (entryScreens.has(to)) return undefined
    return { path: '', message: `${to} is not an entry screen, and only such a screen may open the flow` }
  }
  if (from === to || routing.get(from)?.has(to) === true || routing.get(to)?.has(from) === true) return undefined
  return { path: '', message: `the routing model has no edge between ${from} and ${to}` }
}

/** Whether an answer is small enough to be sent. */
export function fitsInSize(answer: ScreenAnswer): boolean {
  return sizeFaults(answer).length === 0
}

function sizeFaults(answer: ScreenAnswer): readonly DataFault[] {
  const characters = JSON.stringify(answer).length
  if (characters <= LARGEST_ANSWER) return []
  return [{ path: '', message: `the answer has ${characters} characters; at most ${LARGEST_ANSWER} may be sent` }]
}
