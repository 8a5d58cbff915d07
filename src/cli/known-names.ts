import type { Configuration } from '../config/configuration.ts'
import { readNamesInUse } from '../store/delivery-views.ts'
import type { Sql } from '../store/pool.ts'
import { didYouMean } from '../value/nearest.ts'
import { CommandError } from './outcome.ts'

/** Names that a command was given to choose deliveries by. */
export interface ChosenNames {
  readonly destination?: string
  readonly flow?: string
}

/**
 * Rejects with a CommandError that offers the near name where a name is neither configured nor that of any delivery.
 * For commands that found nothing: a mistyped name must not look like good news.
 */
export async function requireKnownNames({ destination, flow }: ChosenNames, sql: Sql, configuration: Configuration) {
  const inUse = await readNamesInUse(sql)
  const destinations = new Set([...configuration.destinations.keys(), ...inUse.destinations])
  if (destination !== undefined && !destinations.has(destination)) {
    const near = didYouMean(destination, destinations)
    throw new CommandError('FG_CLI_DESTINATION', `There is no destination "${destination}"${near || '.'}`)
  }
  const flows = new Set([...configuration.flows.keys(), ...inUse.flows])
  if (flow !== undefined && !flows.has(flow)) {
    throw new CommandError('FG_CLI_FLOW', `There is no flow "${flow}"${didYouMean(flow, flows) || '.'}`)
  }
}
