/** A number with its country code, or a business-scoped user id of Meta's. */
export const addressPattern = /^(?:\+[1-9][0-9]{6,14}|[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128})$/

/** Whom Meta is to send to: by number, or by user id (https://developers.facebook.com/docs/whatsapp, business-scoped user ids). */
export type Addressee = { readonly to: string } | { readonly recipient: string }

/** An address as Meta takes it; `undefined` for text that is none. WhatsApp itself writes numbers without `+`. */
export function addresseeOf(address: string): Addressee | undefined {
  const whole = /^[1-9][0-9]{6,14}$/.test(address) ? `+${address}` : address
  if (!addressPattern.test(whole)) return undefined
  return whole.startsWith('+') ? { to: whole } : { recipient: whole }
}
