/** What an alert is about, taken apart. */
export type Condition =
  | { readonly kind: 'delivery.failed'; readonly destination: string; readonly code: string }
  | { readonly kind: 'delivery.unknown'; readonly destination: string; readonly code: string }
  | { readonly kind: 'late.failed' | 'late.unknown'; readonly destination: string; readonly code: string }
  | { readonly kind: 'destination.paused'; readonly destination: string }
  | { readonly kind: 'circuit.open'; readonly destination: string }
  | { readonly kind: 'answer.rejected'; readonly flow: string; readonly screen: string }
  | { readonly kind: 'version.unknown'; readonly flow: string }
  | { readonly kind: 'persons.unclear' }

/** A condition as it is stored: the same for two troubles that are one to an operator. */
export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case 'delivery.failed':
    case 'delivery.unknown':
    case 'late.failed':
    case 'late.unknown':
      return `${condition.kind}:${condition.destination}:${condition.code}`
    case 'destination.paused':
    case 'circuit.open':
      return `${condition.kind}:${condition.destination}`
    case 'answer.rejected':
      return `${condition.kind}:${condition.flow}:${condition.screen}`
    case 'version.unknown':
      return `${condition.kind}:${condition.flow}`
    case 'persons.unclear':
      return condition.kind
  }
}

/** Takes a stored condition apart; `undefined` for one that is not ours, for example of a later version. */
export function parseCondition(text: string): Condition | undefined {
  const [kind, first, ...rest] = text.split(':')
  const second = rest.join(':')
  if (kind === 'persons.unclear') return { kind }
  if (first === undefined) return undefined
  switch (kind) {
    case 'delivery.failed':
    case 'delivery.unknown':
    case 'late.failed':
    case 'late.unknown':
      return { kind, destination: first, code: second }
    case 'destination.paused':
    case 'circuit.open':
      return { kind, destination: first }
    case 'answer.rejected':
      return { kind, flow: first, screen: second }
    case 'version.unknown':
      return { kind, flow: first }
    default:
      return undefined
  }
}
