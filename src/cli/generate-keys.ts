import { generateKeyPair } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { commandEnvironment } from './environment.ts'
import { CommandError, type Outcome } from './outcome.ts'

export interface GenerateKeysOptions {
  readonly out: string
  readonly encrypt?: boolean
}

const PRIVATE_NAME = 'flow-private.pem'
const PUBLIC_NAME = 'flow-public.pem'

/** Writes a new key pair, readable by its owner alone, and says what Meta wants done with it. */
export async function generateKeys(
  options: GenerateKeysOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Outcome> {
  const passphrase = options.encrypt ? passphraseFrom(env) : undefined
  const privateFile = join(options.out, PRIVATE_NAME)
  const publicFile = join(options.out, PUBLIC_NAME)
  for (const file of [privateFile, publicFile]) if (existsSync(file)) throw taken(file)
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: {
      type: 'pkcs8',
      format: 'pem',
      ...(passphrase !== undefined && { cipher: 'aes-256-cbc', passphrase }),
    },
  })
  await write(options.out, [
    [privateFile, privateKey],
    [publicFile, publicKey],
  ])
  const encrypted = passphrase !== undefined
  return {
    ok: true,
    json: { ok: true, private_key: privateFile, public_key: publicFile, encrypted },
    text: nextSteps(privateFile, publicFile, encrypted),
  }
}

/** Both files or neither: half a pair would only stand in the way of the next try. */
async function write(folder: string, files: readonly (readonly [string, string])[]): Promise<void> {
  const written: string[] = []
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const [file, text] of files) {
      await writeFile(file, text, { mode: 0o600, flag: 'wx' })
      written.push(file)
    }
  } catch (error) {
    await Promise.all(written.map((file) => rm(file, { force: true })))
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    if (code === 'EEXIST') throw taken(files[written.length]?.[0] ?? folder)
    const message = `The keys cannot be written into ${folder} (${code}). Choose another folder with --out.`
    throw new CommandError('FG_CLI_FILE', message, { cause: error })
  }
}

function taken(file: string): CommandError {
  return new CommandError(
    'FG_CLI_FILE',
    `${file} exists and is left as it is. Choose another folder with --out, or move it away.`,
  )
}

function passphraseFrom(env: Readonly<Record<string, string | undefined>>): string {
  const { flowPrivateKeyPassphrase: passphrase } = commandEnvironment(env)
  if (passphrase !== undefined) return passphrase
  throw new CommandError(
    'FG_ENV_MISSING',
    'There is no passphrase to encrypt with. Set FLOW_PRIVATE_KEY_PASSPHRASE, or FLOW_PRIVATE_KEY_PASSPHRASE_FILE.',
  )
}

function nextSteps(privateFile: string, publicFile: string, encrypted: boolean): string {
  const passphrase = encrypted ? ', and FLOW_PRIVATE_KEY_PASSPHRASE as it was now' : ''
  return `Private key: ${privateFile} (stays with you; back it up like a password)
Public key:  ${publicFile}

Next:
1. Tell the gateway: FLOW_PRIVATE_KEY_FILE=${privateFile}${passphrase}
2. Give Meta the public key, once for each phone number:
   curl "https://graph.facebook.com/v26.0/$PHONE_NUMBER_ID/whatsapp_business_encryption" \\
     -H "Authorization: Bearer $WHATSAPP_TOKEN" \\
     --data-urlencode "business_public_key@${publicFile}"
3. See that Meta has it: the same address without --data-urlencode must answer "VALID".
4. Run "flowgate doctor" before the first form is opened.`
}
