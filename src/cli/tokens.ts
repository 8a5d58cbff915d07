import { systemClock } from '../clock.ts'
import type { ConfiguredFlow } from '../config/configuration.ts'
import { checkTokenSource } from '../flow/token-source.ts'
import type { JsonObject } from '../plugin/json.ts'
import { createTokenMint } from '../receive/mint-token.ts'
import { TokenRefusedError } from '../receive/token-request.ts'
import { parseDuration } from '../value/duration.ts'
import { didYouMean } from '../value/nearest.ts'
import { type ConfigOption, configurationWithoutSecrets } from './configuration.ts'
import { atDesk } from './desk.ts'
import { CommandError, type Outcome } from './outcome.ts'

export interface MintOptions extends ConfigOption {
  readonly person: readonly string[]
  readonly source: readonly string[]
  readonly prefill: readonly string[]
  readonly flowVersion?: string
  readonly language?: string
  readonly expiresIn?: string
  readonly token?: string
}

const REFERRAL = 'referral.'

type Variables = Readonly<Record<string, string | undefined>>

/** Mints a token, stored before it is printed. Rejects with a CommandError where the request cannot be met. */
export async function mintToken(name: string, options: MintOptions, env: Variables): Promise<Outcome> {
  const { flows } = await configurationWithoutSecrets(options, env)
  const configured = flows.get(name)
  if (!configured) throw new CommandError('FG_CLI_FLOW', `There is no flow "${name}"${didYouMean(name, flows.keys())}`)
  const prefill = pairs('--prefill', options.prefill)
  if (options.flowVersion !== undefined) refuseUnknownVersion(configured, options.flowVersion)
  refuseUnknownFields(configured, options.flowVersion, Object.keys(prefill))
  const expiresInSeconds = options.expiresIn === undefined ? undefined : seconds(options.expiresIn)
  const request = {
    flow: name,
    person: pairs('--person', options.person),
    source: sourceOf(options.source),
    prefill,
    ...(options.flowVersion !== undefined && { version: options.flowVersion }),
    ...(options.language !== undefined && { language: options.language }),
    ...(expiresInSeconds !== undefined && { expiresInSeconds }),
    ...(options.token !== undefined && { token: options.token }),
  }
  const { token, expiresAt } = await atDesk(env, async ({ pool, environment }) => {
    const { secret } = environment
    const mint = createTokenMint({ pool, clock: systemClock, secret, knowsFlow: (known) => flows.has(known) })
    return refusedInWords(mint.mint(request))
  })
  const until = expiresAt.toISOString()
  return {
    ok: true,
    text: token,
    note: `Opens ${name} until ${until}.`,
    json: { ok: true, flow: name, token, expires_at: until },
  }
}

/** Revokes a token; not ok where it is not known or was revoked before. */
export function revokeToken(token: string, env: Variables): Promise<Outcome> {
  return atDesk(env, async ({ pool, environment }) => {
    const mint = createTokenMint({ pool, clock: systemClock, secret: environment.secret, knowsFlow: () => false })
    const revoked = await mint.revoke(token)
    const text = revoked ? 'The token is revoked.' : 'There is no such token, or it was revoked before.'
    return { ok: revoked, text, json: { ok: revoked, revoked } }
  })
}

async function refusedInWords<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof TokenRefusedError)) throw error
    throw new CommandError(error.code, `The token was not made: ${error.message}.`, { cause: error })
  }
}

function refuseUnknownVersion({ versions }: ConfiguredFlow, version: string): void {
  if (versions.has(version)) return
  const hint = didYouMean(version, versions.keys()) || `: it has ${[...versions.keys()].join(', ')}`
  throw new CommandError('FG_CLI_USAGE', `--flow-version: the flow has no version "${version}"${hint}`)
}

function refuseUnknownFields({ versions }: ConfiguredFlow, version: string | undefined, fields: readonly string[]) {
  const meant = [...versions].filter(([name]) => version === undefined || name === version)
  const screens = meant.flatMap(([, { flow }]) => [...flow.screens.values()])
  const known = new Set(screens.flatMap((screen) => [...screen.fields.keys()]))
  const unknown = fields.find((field) => !known.has(field))
  if (unknown === undefined) return
  throw new CommandError('FG_CLI_USAGE', `--prefill: the flow has no field "${unknown}"${didYouMean(unknown, known)}`)
}

/** Parts of the referral are written `referral.source_id=…`. */
function sourceOf(texts: readonly string[]): JsonObject {
  const told = Object.entries(pairs('--source', texts))
  const parts = told.flatMap(([name, value]) =>
    name.startsWith(REFERRAL) ? [[name.slice(REFERRAL.length), value] as const] : [],
  )
  const others = told.filter(([name]) => !name.startsWith(REFERRAL))
  const referral = parts.length === 0 ? [] : [['referral', Object.fromEntries(parts)] as const]
  const checked = checkTokenSource(Object.fromEntries([...others, ...referral]))
  if (checked.ok) return checked.source
  throw new CommandError('FG_CLI_USAGE', `--source: ${checked.problem}`)
}

function pairs(option: string, texts: readonly string[]): JsonObject {
  const entries = texts.map((text) => {
    const at = text.indexOf('=')
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)] as const
    throw new CommandError('FG_CLI_USAGE', `${option} ${text}: write it as name=value.`)
  })
  return Object.fromEntries(entries)
}

function seconds(text: string): number {
  const parsed = parseDuration(text)
  if (parsed !== undefined) return parsed
  throw new CommandError('FG_CLI_USAGE', `--expires-in ${text}: write a duration as 30m, 48h or 7d.`)
}
