import type { Flow } from '../flow/model.ts'
import type { AlertAside } from './alert-aside.ts'
import type { EdgeEvent } from './event.ts'

/** Keys of Meta's error page that say a phone could not show what it was answered (Flows "Error codes"). */
const UNUSABLE: ReadonlyMap<string, string> = new Map([
  [
    'invalid-screen-transition',
    'The answered screen cannot be reached from there: compare routing_model on Meta with flow.json.',
  ],
  ['payload-schema-error', 'The data did not fit the screen: the flow published at Meta differs from flow.json.'],
  ['components-validation-error', 'A component refused its data: the flow published at Meta differs from flow.json.'],
  ['response-decryption-error', 'The phone could not open the answer: a proxy may have changed the body.'],
])

/** Turns what phones report of our answers into the operators' alert of a rejected answer. Holds up no answer. */
export function tellEdge(options: {
  readonly flows: () => ReadonlyMap<string, { readonly flow: Pick<Flow, 'flowJson'> }>
  readonly alert: AlertAside
}): (event: EdgeEvent) => void {
  const { flows, alert } = options
  return (event) => {
    if (event.kind !== 'error-notified') return
    const { flow, notification } = event
    const advice = UNUSABLE.get(notification.key)
    if (advice === undefined) return
    // Named by the phone: a screen that the flow does not have would be one more alert for each name somebody makes up.
    const named = notification.screen ?? ''
    const screen = flows().get(flow)?.flow.flowJson.screens.has(named) === true ? named : 'unknown'
    const content = {
      severity: 'error' as const,
      title: `Flow ${flow}: phones cannot use the answer for screen ${screen}`,
      text: `A phone reported ${notification.key}. ${advice} Check the flow on Meta, run "flowgate check" and restart.`,
      facts: { flow, screen, reported: notification.key },
    }
    alert({ kind: 'answer.rejected', flow, screen }, content)
  }
}
