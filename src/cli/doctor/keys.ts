import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { loadPrivateKeys, type PrivateKey, PrivateKeyError } from '../../receive/keys.ts'
import { type Examined, fine, type Organ, wrong } from './finding.ts'

/** Looks at every private key: its PEM form, its passphrase, its kind and size. */
export function examineKeys(
  pems: readonly string[],
  passphrase: string | undefined,
): { readonly keys: readonly PrivateKey[]; readonly examined: readonly Examined[] } {
  const sources = pems.map((pem, index) => ({ label: pems.length === 1 ? 'The key' : `Key ${index + 1}`, pem }))
  try {
    const keys = loadPrivateKeys(sources, passphrase)
    const names = keys.map(({ fingerprint }) => fingerprint.slice(0, 16)).join(', ')
    return { keys, examined: [fine('private key', `${keys.length} usable, SHA-256 of the public half: ${names}…`)] }
  } catch (error) {
    if (!(error instanceof PrivateKeyError)) throw error
    const examined = error.faults.map(({ label, code, message }) => wrong(organOf(code), code, `${label} ${message}.`))
    return { keys: [], examined }
  }
}

function organOf(code: string): Organ {
  if (code.startsWith('FG_KEY_PASSPHRASE_')) return 'passphrase'
  return code === 'FG_KEY_NOT_RSA' || code === 'FG_KEY_WRONG_SIZE' ? 'private key' : 'PEM form'
}

/** Whether the public key in a file, the one given to Meta, belongs to one of the private keys. */
export function examinePair(file: string, keys: readonly PrivateKey[]): Examined {
  let pem: string
  try {
    pem = createPublicKey(readFileSync(file, 'utf8')).export({ format: 'pem', type: 'spki' }).toString()
  } catch (error) {
    const why =
      error instanceof Error && 'code' in error && error.code === 'ENOENT'
        ? 'does not exist'
        : 'is no public key in PEM form'
    return wrong('key pair', 'FG_DOCTOR_PUBLIC_KEY', `${file} ${why}. Name the file whose text was given to Meta.`)
  }
  if (keys.some(({ publicPem }) => publicPem.trim() === pem.trim())) {
    return fine('key pair', `${file} belongs to a private key the gateway has`)
  }
  return wrong(
    'key pair',
    'FG_DOCTOR_KEY_PAIR',
    `${file} belongs to none of the private keys: phones would seal for a key the gateway does not have. Give Meta the public half of yours, or the gateway the private half of this one.`,
  )
}
