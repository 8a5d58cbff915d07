/** What a text that should be a private key in PEM form turns out to be, judged without parsing the key. */
export type PemForm =
  | { readonly kind: 'private'; readonly encrypted: boolean }
  | { readonly kind: 'public' | 'certificate' | 'openssh' | 'other'; readonly label: string }
  | { readonly kind: 'escaped' | 'one-line' | 'cut-off' | 'none' }

const PRIVATE_LABELS = new Set(['PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY'])

/** Tells the forms apart by label and line breaks, in the order in which an operator has to repair them. */
export function pemForm(text: string): PemForm {
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1]
  if (label === undefined) return { kind: 'none' }
  if (!text.includes(`-----END ${label}-----`)) return { kind: 'cut-off' }
  if (text.includes('\\n')) return { kind: 'escaped' }
  if (!new RegExp(`-----BEGIN ${label}-----[ \\t]*\\r?\\n`).test(text)) return { kind: 'one-line' }
  if (PRIVATE_LABELS.has(label)) {
    return { kind: 'private', encrypted: label.startsWith('ENCRYPTED') || text.includes('Proc-Type: 4,ENCRYPTED') }
  }
  if (label.endsWith('PUBLIC KEY')) return { kind: 'public', label }
  if (label.endsWith('CERTIFICATE')) return { kind: 'certificate', label }
  return { kind: label.startsWith('OPENSSH') ? 'openssh' : 'other', label }
}
