import { parse } from 'yaml'
import { loadDestinations } from '../../config/load-destinations.ts'
import { parseYaml } from '../../config/source-file.ts'
import type { Kind } from '../../plugin/definition.ts'
import { createPluginCatalogue } from '../../registry/catalogue.ts'
import { didYouMean } from '../../value/nearest.ts'
import { CommandError } from '../outcome.ts'
import type { Targets } from './mapping-yaml.ts'

/** What each destination of a configuration takes; `undefined` where `destinations.yaml` has mistakes. */
export type Kinds = ReadonlyMap<string, Kind | undefined> | undefined

/** Names an operator gave instead of leaving the choice open. */
export interface WantedTargets {
  readonly toCrm?: string
  readonly notify?: string
}

/** Reads which destinations a configuration has. `text` is its `destinations.yaml`, where it has one. */
export async function destinationKinds(
  folder: string,
  text: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Kinds> {
  const file = text === undefined ? undefined : parseYaml('destinations.yaml', text, () => {})
  // What is wrong with the destinations is the check's to say.
  const unjudged = { secrets: 'placeholder', allowHosts: undefined } as const
  const reading = { plugins: createPluginCatalogue(folder), env, ...unjudged, ofSources: unjudged }
  const { kinds } = await loadDestinations(file, reading, () => {})
  return kinds
}

/**
 * Where records and notifications of a new flow go: as named, else the first destination of each kind, but alerts and
 * messages to sales share a channel only where there is no other. Throws a CommandError where a name is of no such kind.
 */
export function chosenTargets(kinds: Kinds, wanted: WantedTargets, settings: string | undefined): Targets {
  const alertsTo = alertsToIn(settings)
  const named = (kind: Kind): readonly string[] =>
    [...(kinds ?? [])].flatMap(([name, is]) => (is === kind ? [name] : []))
  const notifiers = named('notification')
  return {
    crm: required(wanted.toCrm, 'crm', '--to-crm', kinds, named('crm')) ?? named('crm')[0],
    notification:
      required(wanted.notify, 'notification', '--notify', kinds, notifiers) ??
      notifiers.find((name) => name !== alertsTo) ??
      notifiers[0],
  }
}

const TAKES: Readonly<Record<Kind, string>> = {
  crm: 'records',
  notification: 'notifications',
  source: 'nothing',
}

function required(
  name: string | undefined,
  kind: Kind,
  option: string,
  kinds: Kinds,
  known: readonly string[],
): string | undefined {
  if (name === undefined || known.includes(name)) return name
  if (kinds === undefined) {
    const message = `destinations.yaml has mistakes, so ${option} ${name} cannot be looked up; run "flowgate check".`
    throw new CommandError('FG_CLI_CONFIGURATION', message)
  }
  const hint = didYouMean(name, known) || (known.length === 0 ? '; there is none' : `; there is ${known.join(', ')}`)
  const message = `${option}: destinations.yaml has no destination \`${name}\` that takes ${TAKES[kind]}${hint}`
  throw new CommandError('FG_CLI_DESTINATION', message)
}

/** The channel of operators' alerts, where `flowgate.yaml` can be read. */
function alertsToIn(settings: string | undefined): string | undefined {
  try {
    const to: unknown = parse(settings ?? '')?.alerts?.to
    return typeof to === 'string' ? to : undefined
  } catch {
    return undefined
  }
}
