import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Configuration } from '../config/configuration.ts'
import { formatIssue } from '../config/format-issue.ts'
import type { Issue } from '../config/issue.ts'
import { type LoadOptions, type LoadResult, loadConfiguration } from '../config/load.ts'
import { createPluginCatalogue } from '../registry/catalogue.ts'
import { CommandError } from './outcome.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Where a command finds the configuration; else FLOWGATE_CONFIG, else `./config`. */
export interface ConfigOption {
  readonly config?: string
}

export interface ReadConfiguration {
  readonly result: LoadResult
  /** An issue as one line, with a path that can be opened from here. */
  describeIssue(issue: Issue): string
}

/** The configuration folder a command works on, absolute. */
export function configurationFolder(options: ConfigOption, env: Variables): string {
  return resolve(options.config ?? (env['FLOWGATE_CONFIG'] || './config'))
}

/** Loads the configuration folder as the gateway would. Rejects with a CommandError where there is no such folder. */
export async function readConfiguration(
  options: ConfigOption,
  env: Variables,
  secrets: NonNullable<LoadOptions['secrets']>,
): Promise<ReadConfiguration> {
  const folder = configurationFolder(options, env)
  if (!existsSync(folder)) {
    const cure = 'Name the right one with --config or FLOWGATE_CONFIG.'
    throw new CommandError('FG_CLI_FILE', `There is no configuration folder ${folder}. ${cure}`)
  }
  const result = await loadConfiguration(folder, env, { plugins: createPluginCatalogue(folder), secrets })
  const near = relative(process.cwd(), folder)
  const place = near.startsWith('..') ? folder : near
  return { result, describeIssue: (issue) => formatIssue({ ...issue, file: join(place, issue.file) }) }
}

/** A configuration that is right, its secrets left open. Rejects with a CommandError that names the first mistake. */
export async function configurationWithoutSecrets(options: ConfigOption, env: Variables): Promise<Configuration> {
  const { result, describeIssue } = await readConfiguration(options, env, 'placeholder')
  if (result.ok) return result.configuration
  const first = result.issues.find(({ severity }) => severity === 'error')
  const message = `The configuration has mistakes; run "flowgate check" to see all of them.`
  throw new CommandError('FG_CLI_CONFIGURATION', first ? `${message}\n${describeIssue(first)}` : message)
}

/** A configuration that is right, with its secrets. Rejects with a CommandError that names the first mistake or missing secret. */
export async function configurationWithSecrets(options: ConfigOption, env: Variables): Promise<Configuration> {
  const { result, describeIssue } = await readConfiguration(options, env, 'required')
  if (result.ok) return result.configuration
  const first = result.issues.find(({ severity }) => severity === 'error')
  const message = 'The configuration has mistakes, or a secret it names is not set.'
  throw new CommandError('FG_CLI_CONFIGURATION', first ? `${message}\n${describeIssue(first)}` : message)
}
