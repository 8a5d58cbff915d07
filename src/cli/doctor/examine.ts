import { type Environment, type EnvironmentProblem, readEnvironment } from '../../config/environment.ts'
import type { PrivateKey } from '../../receive/keys.ts'
import { EMBEDDED_FOLDER } from '../../store/embedded/folder.ts'
import { type ConfigOption, readConfiguration } from '../configuration.ts'
import type { Outcome } from '../outcome.ts'
import { examineDatabase, examineEmbeddedDatabase } from './database.ts'
import { examineEndpoint } from './endpoint.ts'
import { type Examined, fine, type Organ, wrong } from './finding.ts'
import { examineKeys, examinePair } from './keys.ts'
import { examinePort } from './port.ts'
import { examineSecrets } from './secrets.ts'

export interface DoctorOptions extends ConfigOption {
  readonly publicKey?: string
  readonly url?: string
}

type Variables = Readonly<Record<string, string | undefined>>

/** Looks at everything a gateway stands on and names each thing that is wrong. Not ok where anything is. */
export async function examine(options: DoctorOptions, env: Variables): Promise<Outcome> {
  const examined = await examineAll(options, env)
  const ok = examined.every((one) => one.ok)
  const checks = examined.map((one) => ({ ...one }))
  return { ok, json: { ok, checks }, text: describe(examined, ok) }
}

async function examineAll(options: DoctorOptions, env: Variables): Promise<readonly Examined[]> {
  const read = readEnvironment(env, 'all')
  const problems = read.ok ? [] : read.problems.map(fromProblem)
  // What is right can be looked at although something else is missing: a worker's role asks for neither secret nor key.
  const rest = read.ok ? read : readEnvironment(env, 'worker')
  if (!rest.ok) return problems
  const { environment } = rest
  const { keys, examined } = examineSecretsAndKeys(environment, options)
  return [
    ...problems,
    ...examined,
    await examineConfiguration(options, env),
    environment.databaseUrl === undefined
      ? await examineEmbeddedDatabase(EMBEDDED_FOLDER)
      : await examineDatabase(environment.databaseUrl, environment.databaseDirectUrl !== undefined),
    await examinePort(environment.host, environment.port),
    ...(await examineUrl(options.url, keys[0], environment.metaAppSecrets[0])),
  ]
}

function fromProblem({ variable, code, message }: EnvironmentProblem): Examined {
  return wrong(ORGANS.get(variable.replace(/_FILE$/, '')) ?? 'environment', code, message)
}

const ORGANS: ReadonlyMap<string, Organ> = new Map([
  ['META_APP_SECRET', 'signature secret'],
  ['FLOW_PRIVATE_KEY', 'private key'],
  ['FLOW_PRIVATE_KEY_PASSPHRASE', 'passphrase'],
  ['DATABASE_URL', 'database'],
  ['DATABASE_DIRECT_URL', 'database'],
  ['FLOWGATE_CONFIG', 'configuration'],
  ['PORT', 'port'],
  ['HOST', 'port'],
])

function examineSecretsAndKeys(environment: Environment, { publicKey }: DoctorOptions) {
  const { metaAppSecrets, flowPrivateKeys, flowPrivateKeyPassphrase } = environment
  const secrets = metaAppSecrets.length === 0 ? [] : [examineSecrets(metaAppSecrets)]
  if (flowPrivateKeys.length === 0) return { keys: [], examined: secrets }
  const { keys, examined } = examineKeys(flowPrivateKeys, flowPrivateKeyPassphrase)
  const pair = publicKey === undefined || keys.length === 0 ? [] : [examinePair(publicKey, keys)]
  return { keys, examined: [...secrets, ...examined, ...pair] }
}

async function examineConfiguration(options: ConfigOption, env: Variables): Promise<Examined> {
  const { result, describeIssue } = await readConfiguration(options, env, 'required')
  const errors = result.issues.filter(({ severity }) => severity === 'error')
  const [first] = errors
  if (result.ok) return fine('configuration', `${result.configuration.flows.size} flows, no mistakes`)
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more: run "flowgate check")` : ''
  const message = first === undefined ? 'it cannot be read' : describeIssue(first)
  return wrong('configuration', first?.code ?? 'FG_CLI_CONFIGURATION', `${message}${more}`)
}

async function examineUrl(
  url: string | undefined,
  key: PrivateKey | undefined,
  secret: string | undefined,
): Promise<readonly Examined[]> {
  if (url === undefined) return []
  if (!URL.canParse(url)) {
    return [wrong('endpoint', 'FG_CLI_USAGE', `${url} is no URL. Give the whole one, https://…/flows/<flow>.`)]
  }
  if (key !== undefined && secret !== undefined) return examineEndpoint(url, key.publicPem, secret)
  return [
    wrong('endpoint', 'FG_DOCTOR_UNREACHABLE', `${url} was not asked: that needs a working secret and key first.`),
  ]
}

function describe(examined: readonly Examined[], ok: boolean): string {
  const width = Math.max(...examined.map(({ check }) => check.length))
  const lines = examined.map((one) => {
    const code = one.code === undefined ? '' : ` [${one.code}]`
    return `${one.ok ? '✓' : '✗'} ${one.check.padEnd(width)}  ${one.message}${code}`
  })
  const count = examined.filter((one) => !one.ok).length
  return [...lines, ok ? 'All is well.' : `${count} of ${examined.length} wrong.`].join('\n')
}
