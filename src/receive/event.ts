import type { ErrorNotification } from './error-notification.ts'

/** Something at the edge that an operator may want an alert for. Holds nothing personal. */
export type EdgeEvent =
  | { readonly kind: 'signature-refused'; readonly flow: string; readonly requestId: string }
  | {
      readonly kind: 'envelope-refused'
      readonly flow: string
      readonly requestId: string
      readonly reason: string
    }
  | { readonly kind: 'flow-unknown'; readonly flow: string; readonly requestId: string }
  | {
      readonly kind: 'error-notified'
      readonly flow: string
      readonly requestId: string
      readonly notification: ErrorNotification
    }
  | { readonly kind: 'token-signature-refused'; readonly flow: string; readonly requestId: string }
  | { readonly kind: 'exchange-limited'; readonly flow: string; readonly requestId: string }
  | { readonly kind: 'exchange-failed'; readonly flow: string; readonly requestId: string; readonly error: unknown }
