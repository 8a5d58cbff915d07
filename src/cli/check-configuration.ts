import type { Configuration } from '../config/configuration.ts'
import type { Issue } from '../config/issue.ts'
import { checkLive } from '../config/live-check.ts'
import { describeObjects } from '../deliver/ask.ts'
import { objectUses } from '../deliver/object-uses.ts'
import type { CrmObject } from '../plugin/crm-object.ts'
import { FailureError } from '../plugin/failure.ts'
import { atVendors } from './at-vendors.ts'
import { type ConfigOption, configurationFolder, readConfiguration } from './configuration.ts'
import { CommandError, type Outcome } from './outcome.ts'

type Variables = Readonly<Record<string, string | undefined>>

export interface CheckOptions extends ConfigOption {
  /** Compare mappings with what each CRM has now, too. */
  readonly live?: boolean
}

/**
 * Checks a configuration folder, without its secrets unless with `live`. Not ok where there is any error; advice never fails
 * a check. With `live` it rejects with a CommandError where a CRM cannot be asked.
 */
export async function checkConfiguration(options: CheckOptions, env: Variables): Promise<Outcome> {
  const { result, describeIssue } = await readConfiguration(options, env, options.live ? 'required' : 'placeholder')
  const compared = result.ok && options.live ? await compare(result.configuration, options, env) : undefined
  const issues = [...result.issues, ...(compared?.issues ?? [])]
  const errors = issues.filter(({ severity }) => severity === 'error').length
  const ok = errors === 0
  const text = [
    ...issues.map(describeIssue),
    ...(compared === undefined ? [] : [sayCompared(compared)]),
    summary(result.ok ? result.configuration : undefined, errors, issues.length - errors),
  ]
  const live = compared === undefined ? {} : { compared: compared.asked, not_compared: compared.skipped }
  return { ok, text: text.join('\n'), json: { ok, issues: issues.map((issue) => ({ ...issue })), ...live } }
}

interface Compared {
  readonly issues: readonly Issue[]
  readonly asked: readonly string[]
  /** Destinations with records whose plugins cannot say what they have. */
  readonly skipped: readonly string[]
}

async function compare(configuration: Configuration, options: ConfigOption, env: Variables): Promise<Compared> {
  const live = new Map<string, readonly CrmObject[]>()
  const skipped: string[] = []
  await atVendors(configuration, options, env, async (asking) => {
    for (const name of configuration.destinations.keys()) {
      const wanted = objectUses(configuration, name).map(({ object }) => object)
      if (wanted.length === 0) continue
      const found = await describeObjects(asking, name, wanted).catch((error) => Promise.reject(notAsked(name, error)))
      if (found === undefined) skipped.push(name)
      else live.set(name, found)
    }
  })
  const issues = await checkLive(configurationFolder(options, env), live)
  return { issues, asked: [...live.keys()], skipped }
}

function notAsked(name: string, error: unknown): unknown {
  if (!(error instanceof FailureError)) return error
  const { code, message } = error.failure
  return new CommandError(code, `${name} could not be asked what it has: ${message}`, { cause: error })
}

function sayCompared({ asked, skipped }: Compared): string {
  const compared = asked.length === 0 ? 'Compared with no CRM' : `Compared with ${asked.join(', ')}`
  return skipped.length === 0
    ? `${compared}.`
    : `${compared}; not with ${skipped.join(', ')}, whose plugin cannot say what there is.`
}

function summary(configuration: Configuration | undefined, errors: number, advice: number): string {
  const hints = advice === 0 ? '' : `, ${count(advice, 'piece')} of advice`
  if (errors > 0 || configuration === undefined) return `${count(errors, 'error')}${hints}.`
  const { flows, destinations } = configuration
  return `The configuration is right: ${count(flows.size, 'flow')}, ${count(destinations.size, 'destination')}${hints}.`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
