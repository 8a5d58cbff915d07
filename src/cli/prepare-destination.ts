import { createInterface } from 'node:readline/promises'
import { systemClock } from '../clock.ts'
import type { Configuration } from '../config/configuration.ts'
import { type Asking, prepareDestination as prepareAtVendor } from '../deliver/ask.ts'
import { createLog } from '../log.ts'
import { FailureError, type Preparation } from '../plugin/index.ts'
import { createRegistry } from '../registry/registry.ts'
import { didYouMean } from '../value/nearest.ts'
import { type ConfigOption, configurationFolder, readConfiguration } from './configuration.ts'
import { CommandError, type Outcome } from './outcome.ts'
import { resumePrepared } from './resume-prepared.ts'
import type { Terminal } from './terminal.ts'

export interface PrepareOptions extends ConfigOption {
  readonly yes?: boolean
  readonly json?: boolean
}

/** Shows what exactly-once needs at a vendor and makes what is missing, after asking or with `--yes`; its deliveries then go on at once. Not ok while something is missing. */
export async function prepareDestination(name: string, options: PrepareOptions, terminal: Terminal): Promise<Outcome> {
  const inForce = await configurationWithSecrets(options, terminal.env)
  if (!inForce.destinations.has(name)) {
    const near = didYouMean(name, inForce.destinations.keys())
    throw new CommandError('FG_CLI_DESTINATION', `There is no destination "${name}"${near}`)
  }
  const configuration = () => inForce
  const log = createLog({ level: 'silent' })
  const folder = configurationFolder(options, terminal.env)
  const registry = createRegistry({ configuration, configurationFolder: folder, log, clock: systemClock })
  try {
    const { preparations, agreed } = await prepare({ registry, configuration, log }, name, options, terminal)
    const outcome = outcomeOf(name, preparations)
    const note = agreed && outcome.ok ? await resumePrepared(name, terminal.env) : undefined
    return note === undefined ? outcome : { ...outcome, note }
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
    throw new CommandError(error.failure.code, error.failure.message, { cause: error })
  } finally {
    await registry.close()
  }
}

async function prepare(asking: Asking, name: string, options: PrepareOptions, terminal: Terminal) {
  const found = await prepareAtVendor(asking, name, { apply: false })
  if (found.every(({ done }) => done)) return { preparations: found, agreed: options.yes === true }
  const agreed = options.yes || (await isAgreed(found, options, terminal))
  return { preparations: agreed ? await prepareAtVendor(asking, name, { apply: true }) : found, agreed }
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

function outcomeOf(name: string, preparations: readonly Preparation[]): Outcome {
  if (preparations.length === 0) {
    return { ok: true, text: `${name} needs nothing prepared.`, json: { ok: true, preparations: [] } }
  }
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
