import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { join, resolve } from 'node:path'
import type { JsonObject } from '../plugin/json.ts'
import { commandEnvironment } from './environment.ts'
import { CommandError, type Outcome } from './outcome.ts'
import { readTextFile } from './read-file.ts'
import { createDevice, NoAnswer } from './simulator/device.ts'
import type { Verdict } from './simulator/finding.ts'
import { type Playbook, readPlaybook } from './simulator/playbook.ts'
import { PATHS, type PathName, type SimulationSettings, simulate } from './simulator/simulate.ts'
import { createTokenDesk, TokenRefused } from './simulator/token-desk.ts'
import { transcript } from './simulator/transcript.ts'
import { newToken, tokenInVariant } from './simulator/variant-token.ts'

export interface SimulateOptions {
  readonly url?: string
  readonly path: string
  readonly key?: string
  readonly secret?: string
  readonly token?: string
  readonly fill?: string
  readonly flowJson?: string
  readonly config?: string
}

type Variables = Readonly<Record<string, string | undefined>>

/** Plays the chosen paths and prints a transcript of each; the outcome is not ok where any answer was found wrong. */
export async function simulateFlow(
  name: string,
  options: SimulateOptions,
  env: Variables,
  progress: (text: string) => void,
): Promise<Outcome> {
  const paths = pathsFrom(options.path)
  const [flow = ''] = name.split('@')
  const flows = join(resolve(options.config ?? env['FLOWGATE_CONFIG'] ?? './config'), 'flows')
  const playbook = readPlaybook(flows, name, options)
  const url = options.url ?? `http://127.0.0.1:${env['PORT'] ?? '8080'}/flows/${flow}`
  const device = createDevice({ url, ...credentials(options, env) })
  const { apiToken } = commandEnvironment(env)
  if (apiToken === undefined && options.token === undefined && speaksOfPeople(playbook)) {
    progress(
      'Tokens of nobody: set FLOWGATE_API_TOKEN as the gateway has it, and walks bring the person of their test.\n\n',
    )
  }
  const tokenFor = tokensFrom(flow, url, options.token, apiToken, playbook)
  const onVerdict = (verdict: Verdict) => progress(`${transcript(verdict)}\n`)
  try {
    const verdicts = await simulate({ device, ...playbook, paths, onVerdict, tokenFor })
    const failed = verdicts.filter(({ findings }) => findings.length > 0).length
    const json = JSON.parse(JSON.stringify({ ok: failed === 0, url, verdicts })) as JsonObject
    return { ok: failed === 0, text: summary(verdicts, failed), json }
  } catch (error) {
    throw inWords(error)
  }
}

function summary(verdicts: readonly Verdict[], failed: number): string {
  const skipped = verdicts.filter((verdict) => verdict.skipped !== undefined).length
  const played = verdicts.length - skipped
  const rest = skipped === 0 ? '' : ` ${skipped} ${skipped === 1 ? 'test was' : 'tests were'} not played.`
  if (failed === 0) return `${played} checks passed.${rest}`
  return `${failed} of ${played} checks found something wrong.${rest}`
}

function speaksOfPeople({ walks }: Playbook): boolean {
  return walks.some(({ about, skipped }) => skipped === undefined && Object.keys(about ?? {}).length > 0)
}

function inWords(error: unknown): unknown {
  if (error instanceof NoAnswer) {
    const message = `${error.message} Is the gateway running, and is that its address?`
    return new CommandError('FG_SIMULATE_NO_ANSWER', message, { cause: error })
  }
  if (error instanceof TokenRefused) {
    const message = `${error.message}. Set FLOWGATE_API_TOKEN as the gateway has it, or leave it out.`
    return new CommandError('FG_SIMULATE_TOKEN', message, { cause: error })
  }
  return error
}

/**
 * A token given, else one that the gateway's API binds to the person of the walk where its bearer token is known, else a
 * new one of a foreign sender. Where the flow has variants, one whose person is in that of the walk.
 */
function tokensFrom(
  flow: string,
  url: string,
  given: string | undefined,
  apiToken: string | undefined,
  { variants }: Playbook,
): NonNullable<SimulationSettings['tokenFor']> {
  if (given !== undefined) return async () => given
  const desk = apiToken === undefined ? undefined : createTokenDesk(url, flow, apiToken)
  return async (walk) => {
    if (variants.length === 0 || walk.variant === undefined) return desk === undefined ? newToken() : desk(walk)
    const person = desk === undefined ? undefined : walk.about?.person
    const token = tokenInVariant({ name: flow, variants }, walk.variant, person)
    if (token === undefined) return { skipped: `its person is not in the variant ${walk.variant}` }
    return desk === undefined ? token : desk(walk, token)
  }
}

function pathsFrom(text: string): readonly PathName[] {
  if (text === 'all') return PATHS
  return text.split(',').map((part) => {
    const path = PATHS.find((known) => known === part.trim())
    if (path) return path
    throw new CommandError(
      'FG_CLI_USAGE',
      `There is no path "${part.trim()}". Choose from ${PATHS.join(', ')}, or all.`,
    )
  })
}

function credentials(options: SimulateOptions, env: Variables): { publicKey: KeyObject; appSecret: string } {
  const { metaAppSecrets, flowPrivateKeys, flowPrivateKeyPassphrase } = commandEnvironment(env)
  const appSecret = options.secret ?? metaAppSecrets[0]
  if (appSecret === undefined) {
    throw new CommandError(
      'FG_ENV_MISSING',
      'Nothing to sign with. Set META_APP_SECRET as the gateway has it, or give --secret.',
    )
  }
  return { appSecret, publicKey: publicKeyFrom(options.key, flowPrivateKeys[0], flowPrivateKeyPassphrase) }
}

function publicKeyFrom(
  file: string | undefined,
  privatePem: string | undefined,
  passphrase: string | undefined,
): KeyObject {
  if (file === undefined && privatePem === undefined) {
    throw new CommandError(
      'FG_ENV_MISSING',
      'Nothing to seal with. Set FLOW_PRIVATE_KEY as the gateway has it, or give --key public.pem.',
    )
  }
  try {
    if (file !== undefined) return createPublicKey(readTextFile(file))
    return createPublicKey(createPrivateKey({ key: privatePem ?? '', ...(passphrase && { passphrase }) }))
  } catch (error) {
    if (error instanceof CommandError) throw error
    const name = file ?? 'FLOW_PRIVATE_KEY'
    throw new CommandError(
      'FG_CLI_KEY',
      `${name} is no usable key. Run "flowgate doctor" to see what is wrong with it.`,
      { cause: error },
    )
  }
}
