import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Value } from 'typebox/value'
import { type FlowFile, FlowFileSchema } from '../config/schema/flow.ts'
import { type FlowTest, TestsFileSchema } from '../config/schema/tests.ts'
import type { JsonObject } from '../plugin/json.ts'
import { commandEnvironment } from './environment.ts'
import { CommandError, type Outcome } from './outcome.ts'
import { readJsonFile, readTextFile, readYamlFile } from './read-file.ts'
import { createDevice, NoAnswer } from './simulator/device.ts'
import type { Verdict } from './simulator/finding.ts'
import { type FlowOnPhone, readFlowOnPhone } from './simulator/flow-on-phone.ts'
import { planFromAnswers, planFromSteps } from './simulator/plan.ts'
import { PATHS, type PathName, type SimulationSettings, simulate, type Walk } from './simulator/simulate.ts'
import { createTokenDesk, TokenRefused } from './simulator/token-desk.ts'
import { transcript } from './simulator/transcript.ts'

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
  const folder = join(resolve(options.config ?? env['FLOWGATE_CONFIG'] ?? './config'), 'flows', name)
  const flow = flowOnPhone(options.flowJson ?? join(folder, 'flow.json'))
  const walks = walksFrom(options, folder)
  const url = options.url ?? `http://127.0.0.1:${env['PORT'] ?? '8080'}/flows/${name}`
  const device = createDevice({ url, ...credentials(options, env) })
  const tokenFor = tokensFrom(name, url, options, env)
  if (!tokenFor && walks.some(({ about }) => about?.person || about?.source || about?.prefill)) {
    progress(
      'Tokens of nobody: set FLOWGATE_API_TOKEN as the gateway has it, and walks bring the person of their test.\n\n',
    )
  }
  const onVerdict = (verdict: Verdict) => progress(`${transcript(verdict)}\n`)
  try {
    const verdicts = await simulate({ device, flow, walks, paths, onVerdict, ...(tokenFor && { tokenFor }) })
    const failed = verdicts.filter(({ findings }) => findings.length > 0).length
    const text =
      failed === 0
        ? `${verdicts.length} checks passed.`
        : `${failed} of ${verdicts.length} checks found something wrong.`
    return {
      ok: failed === 0,
      text,
      json: JSON.parse(JSON.stringify({ ok: failed === 0, url, verdicts })) as JsonObject,
    }
  } catch (error) {
    throw inWords(error)
  }
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

/** A token given, else one from the gateway's API where its bearer token is known, else none. */
function tokensFrom(
  name: string,
  url: string,
  { token }: SimulateOptions,
  env: Variables,
): SimulationSettings['tokenFor'] {
  if (token !== undefined) return async () => token
  const { apiToken } = commandEnvironment(env)
  return apiToken === undefined ? undefined : createTokenDesk(url, name, apiToken)
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

function flowOnPhone(path: string): FlowOnPhone {
  try {
    return readFlowOnPhone(readJsonFile(path))
  } catch (error) {
    if (error instanceof CommandError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new CommandError('FG_CLI_FILE', `${path}: ${why}. Export the Flow JSON again from the Flow Builder.`, {
      cause: error,
    })
  }
}

/** The operator's tests where there are any, else one walk with the answers given and invented ones for the rest. */
function walksFrom(options: SimulateOptions, folder: string): readonly Walk[] {
  const own = join(folder, 'tests.yaml')
  const path = options.fill ?? (existsSync(own) ? own : undefined)
  const given = path === undefined ? {} : readYamlFile(path)
  if (Value.Check(TestsFileSchema, given)) return given.tests.map(walkFromTest)
  const answers = answersFrom(given, path ?? '')
  const fields = declaredFields(join(folder, 'flow.yaml'))
  const title = path === undefined ? 'a person with invented answers' : `the answers of ${path}`
  return [{ title, plan: () => planFromAnswers(answers, fields, new Date()) }]
}

function walkFromTest(test: FlowTest): Walk {
  return { title: test.name, plan: () => planFromSteps(test.steps), about: test }
}

function answersFrom(given: unknown, path: string): Readonly<Record<string, JsonObject>> {
  const isMap = (value: unknown): value is JsonObject =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (isMap(given) && Object.values(given).every(isMap)) return given as Readonly<Record<string, JsonObject>>
  const shape = 'either "tests:" as in tests.yaml, or "SCREEN: { field: answer }"'
  throw new CommandError('FG_CLI_FILE', `${path} holds no answers. Write ${shape}.`)
}

/** What flow.yaml says of each field, so that invented answers pass its checks. Empty where only the Flow JSON is at hand. */
function declaredFields(path: string): Readonly<Record<string, NonNullable<FlowFile['screens'][string]['fields']>>> {
  if (!existsSync(path)) return {}
  const file = readYamlFile(path)
  if (!Value.Check(FlowFileSchema, file)) {
    throw new CommandError('FG_CLI_FILE', `${path} is not right yet. Run "flowgate check" to see what is wrong in it.`)
  }
  return Object.fromEntries(Object.entries(file.screens).map(([id, screen]) => [id, screen.fields ?? {}]))
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
