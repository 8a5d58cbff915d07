import { createInterface } from 'node:readline/promises'
import { systemClock } from '../clock.ts'
import type { Configuration } from '../config/configuration.ts'
import { newId } from '../id.ts'
import { createLog } from '../log.ts'
import type { Call, Preparation } from '../plugin/index.ts'
import { FailureError } from '../plugin/index.ts'
import { createRegistry, type RunningCrm } from '../registry/registry.ts'
import { didYouMean } from '../value/nearest.ts'
import { type ConfigOption, configurationFolder, readConfiguration } from './configuration.ts'
import { CommandError, type Outcome } from './outcome.ts'
import type { Terminal } from './terminal.ts'

export interface PrepareOptions extends ConfigOption {
  readonly yes?: boolean
  readonly json?: boolean
}

/** Shows what exactly-once needs at a vendor and makes what is missing, after asking or with `--yes`. Not ok while something is missing. */
export async function prepareDestination(name: string, options: PrepareOptions, terminal: Terminal): Promise<Outcome> {
  const configuration = await configurationWithSecrets(options, terminal.env)
  if (!configuration.destinations.has(name)) {
    const near = didYouMean(name, configuration.destinations.keys())
    throw new CommandError('FG_CLI_DESTINATION', `There is no destination "${name}"${near}`)
  }
  const registry = createRegistry({
    configuration: () => configuration,
    configurationFolder: configurationFolder(options, terminal.env),
    log: createLog({ level: 'silent' }),
    clock: systemClock,
  })
  try {
    const destination = await registry.destination(name)
    const objects = objectsFor(name, configuration)
    if (destination.kind !== 'crm' || !destination.instance.prepare || objects.length === 0) {
      return { ok: true, text: `${name} needs nothing prepared.`, json: { ok: true, preparations: [] } }
    }
    return outcomeOf(name, await prepare(destination, objects, options, terminal))
  } catch (error) {
    if (error instanceof FailureError) throw new CommandError(error.failure.code, error.failure.message, { cause: error })
    throw error
  } finally {
    await registry.close()
  }
}

async function prepare(
  destination: RunningCrm,
  objects: readonly string[],
  options: PrepareOptions,
  terminal: Terminal,
): Promise<readonly Preparation[]> {
  const ask = async (apply: boolean) => {
    try {
      return (await destination.instance.prepare?.(objects, apply, callFor(destination))) ?? []
    } catch (error) {
      const failure = destination.classify(error)
      if (failure) throw new CommandError(failure.code, failure.message, { cause: error })
      throw error
    }
  }
  const found = await ask(false)
  if (found.every(({ done }) => done)) return found
  if (options.yes || (await isAgreed(found, options, terminal))) return ask(true)
  return found
}

async function isAgreed(found: readonly Preparation[], options: PrepareOptions, terminal: Terminal): Promise<boolean> {
  if (options.json || !process.stdin.isTTY) return false
  const missing = found.filter(({ done }) => !done).map(({ description }) => `  ${description}`)
  terminal.err(`Missing:\n${missing.join('\n')}\n`)
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await lines.question('Make it now? (y/N) ')).trim())
  } finally {
    lines.close()
  }
}

/** The vendor's objects that any flow writes to this destination. */
function objectsFor(name: string, { flows }: Configuration): readonly string[] {
  const records = [...flows.values()].flatMap(({ mapping }) => mapping?.records ?? [])
  return [...new Set(records.filter(({ to }) => to === name).map(({ object }) => object))]
}

function callFor({ settings }: RunningCrm): Call {
  const now = systemClock.now()
  const signal = AbortSignal.timeout(settings.answerWithinMs)
  return { signal, idempotencyKey: newId('req', now), attempt: 1, uncertain: false, resend: false }
}

function outcomeOf(name: string, preparations: readonly Preparation[]): Outcome {
  const ok = preparations.every(({ done }) => done)
  const lines = preparations.map(({ description, done }) => `${done ? '✓' : '✗'} ${description}`)
  const verdict = ok ? `${name} is prepared.` : 'Nothing was made. Run again with --yes to make what is missing.'
  const list = preparations.map((preparation) => ({ ...preparation }))
  return { ok, text: [...lines, verdict].join('\n'), json: { ok, preparations: list } }
}

async function configurationWithSecrets(options: ConfigOption, env: Terminal['env']): Promise<Configuration> {
  const { result, describeIssue } = await readConfiguration(options, env, 'required')
  if (result.ok) return result.configuration
  const first = result.issues.find(({ severity }) => severity === 'error')
  const message = 'The configuration has mistakes, or a secret it names is not set.'
  throw new CommandError('FG_CLI_CONFIGURATION', first ? `${message}\n${describeIssue(first)}` : message)
}
