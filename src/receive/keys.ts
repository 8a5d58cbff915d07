import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { type PemForm, pemForm } from './pem.ts'

/** One private key ready to open envelopes. Parsed once; holds no passphrase and is never printed. */
export interface PrivateKey {
  /** Where it came from, as an operator would say it: a file's path or a variable's name. */
  readonly label: string
  /** SHA-256 of the public key in SPKI DER, hex: names the key without showing it. */
  readonly fingerprint: string
  /** What Meta has to be given for this key. */
  readonly publicPem: string
  /**
   * Undoes RSA-OAEP with SHA-256 (MGF1 too, empty label) on the thread pool. `undefined` where this key does not fit,
   * never an error: the next key is tried.
   */
  unwrap(wrapped: Buffer): Promise<Buffer | undefined>
}

/** A private key as configured: its text and the name an operator knows it by. */
export interface PemSource {
  readonly label: string
  readonly pem: string
}

/** What is wrong with one private key. The message names the fault and the cure and never quotes the key. */
export interface KeyFault {
  readonly label: string
  /** `FG_KEY_…`, listed in the error catalogue. */
  readonly code: string
  readonly message: string
}

/** At least one private key cannot be used. Carries every fault found, not only the first. */
export class PrivateKeyError extends Error {
  override readonly name = 'PrivateKeyError'
  readonly faults: readonly KeyFault[]

  constructor(faults: readonly KeyFault[]) {
    super(faults.map((fault) => `${fault.label} ${fault.message} (${fault.code})`).join('\n'))
    this.faults = faults
  }
}

/** Meta takes keys of this size alone (Cloud API reference, business encryption). */
const MODULUS_BITS = 2048

/**
 * Node locks a key while a thread decrypts with it. As many copies as its thread pool has threads let them work side by
 * side: measured on two cores, 6,200 keys unwrapped per second with copies, 3,300 with one key or on the event loop.
 */
const COPIES = 4

const RSA_OAEP = { name: 'RSA-OAEP' } as const

/**
 * Parses private keys in every PEM form Meta's tools write: PKCS#8 and PKCS#1, each plain or encrypted. The same key
 * given twice is kept once. Throws a `PrivateKeyError` that names every key that cannot be used.
 */
export function loadPrivateKeys(pems: readonly PemSource[], passphrase?: string): readonly PrivateKey[] {
  const faults: KeyFault[] = []
  const keys = new Map<string, PrivateKey>()
  for (const { label, pem } of pems) {
    const parsed = parsePrivateKey(pem, passphrase)
    if ('code' in parsed) {
      faults.push({ label, ...parsed })
      continue
    }
    const key = usableKey(label, parsed.key)
    if (!keys.has(key.fingerprint)) keys.set(key.fingerprint, key)
  }
  if (faults.length > 0) throw new PrivateKeyError(faults)
  return [...keys.values()]
}

type Fault = Omit<KeyFault, 'label'>

function parsePrivateKey(pem: string, passphrase: string | undefined): { readonly key: KeyObject } | Fault {
  const form = pemForm(pem)
  if (form.kind !== 'private') return wrongForm(form)
  const given = passphrase === undefined || passphrase === '' ? undefined : passphrase
  if (form.encrypted && given === undefined) {
    return fault(
      'FG_KEY_PASSPHRASE_MISSING',
      'is encrypted and there is no passphrase: set FLOW_PRIVATE_KEY_PASSPHRASE or FLOW_PRIVATE_KEY_PASSPHRASE_FILE',
    )
  }
  let key: KeyObject
  try {
    key = createPrivateKey({ key: pem.trim(), format: 'pem', ...(form.encrypted ? { passphrase: given } : {}) })
  } catch (error) {
    return unreadable(form.encrypted, error)
  }
  return checkedKey(key)
}

function checkedKey(key: KeyObject): { readonly key: KeyObject } | Fault {
  if (key.asymmetricKeyType !== 'rsa') {
    return fault(
      'FG_KEY_NOT_RSA',
      `is of type ${key.asymmetricKeyType ?? 'unknown'}; Meta takes RSA with 2048 bits: make one with "flowgate keys generate"`,
    )
  }
  const bits = key.asymmetricKeyDetails?.modulusLength
  if (bits !== MODULUS_BITS) {
    return fault(
      'FG_KEY_WRONG_SIZE',
      `has ${bits ?? 'an unknown number of'} bits; Meta takes 2048 only: make one with "flowgate keys generate"`,
    )
  }
  return { key }
}

function wrongForm(form: Exclude<PemForm, { kind: 'private' }>): Fault {
  switch (form.kind) {
    case 'none':
      return fault(
        'FG_KEY_NOT_PEM',
        'is not a PEM private key: it must begin with a line like "-----BEGIN PRIVATE KEY-----"; if this is a path, use FLOW_PRIVATE_KEY_FILE',
      )
    case 'cut-off':
      return fault('FG_KEY_CUT_OFF', 'has no matching END line: copy the whole key, from its BEGIN to its END line')
    case 'escaped':
      return fault(
        'FG_KEY_LINE_BREAKS_ESCAPED',
        'holds the two characters \\n in place of line breaks: put the key into a file and name that in FLOW_PRIVATE_KEY_FILE, or use real line breaks',
      )
    case 'one-line':
      return fault(
        'FG_KEY_LINE_BREAKS_LOST',
        'has lost its line breaks: put the key into a file and name that in FLOW_PRIVATE_KEY_FILE, or quote the variable so that line breaks stay',
      )
    case 'public':
      return fault('FG_KEY_PUBLIC', 'is a public key: give the private key here; the public one goes to Meta')
    case 'certificate':
      return fault(
        'FG_KEY_NOT_PRIVATE',
        'is a certificate: give the private key here, made by "flowgate keys generate"',
      )
    case 'openssh':
      return fault(
        'FG_KEY_NOT_PRIVATE',
        'is in OpenSSH form: convert a copy with "ssh-keygen -p -m PKCS8 -f <file>", or make a key with "flowgate keys generate"',
      )
    case 'other':
      return fault('FG_KEY_NOT_PRIVATE', `is a PEM file of type ${form.label}: give an RSA private key with 2048 bits`)
  }
}

function unreadable(encrypted: boolean, error: unknown): Fault {
  // The cipher, not its outcome: a wrong passphrase is told by other codes.
  if (error instanceof Error && 'code' in error && error.code === 'ERR_OSSL_EVP_UNSUPPORTED') {
    return fault(
      'FG_KEY_CIPHER_UNSUPPORTED',
      'is encrypted in a way this OpenSSL does not read: convert it with "openssl pkcs8 -topk8 -v2 aes256 -in <old> -out <new>"',
    )
  }
  return encrypted
    ? fault(
        'FG_KEY_PASSPHRASE_WRONG',
        'cannot be decrypted: FLOW_PRIVATE_KEY_PASSPHRASE does not fit this key (or the file is damaged)',
      )
    : fault('FG_KEY_DAMAGED', 'looks like a private key but cannot be read: copy it again, whole and unchanged')
}

function fault(code: string, message: string): Fault {
  return { code, message }
}

function usableKey(label: string, key: KeyObject): PrivateKey {
  const der = key.export({ format: 'der', type: 'pkcs8' })
  const copies = Array.from({ length: COPIES }, () =>
    createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).toCryptoKey({ ...RSA_OAEP, hash: 'SHA-256' }, false, [
      'decrypt',
    ]),
  )
  const publicKey = createPublicKey(key)
  let turn = 0
  return {
    label,
    fingerprint: createHash('sha256')
      .update(publicKey.export({ format: 'der', type: 'spki' }))
      .digest('hex'),
    publicPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    unwrap: async (wrapped) => {
      const copy = copies[turn]
      turn = (turn + 1) % COPIES
      if (copy === undefined) return undefined
      try {
        return Buffer.from(await crypto.subtle.decrypt(RSA_OAEP, copy, wrapped))
      } catch {
        return undefined
      }
    },
  }
}
