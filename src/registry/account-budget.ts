import { createHash } from 'node:crypto'
import type { DestinationSettings } from '../config/configuration.ts'
import type { AccountBudgets, BudgetLimit } from '../plugin/definition.ts'

/** A budget by the hash of its account. */
export interface AccountBudget {
  readonly account: string
  readonly limits: ReadonlyMap<string, BudgetLimit>
}

/** The budget of an account as its plugin tells it, with what the operator wrote in its place; `unlimited` lifts a limit. */
export function accountBudget(
  plugin: string,
  { account, limits }: AccountBudgets,
  written: NonNullable<DestinationSettings['budget']>,
): AccountBudget {
  const all = Object.entries(limits).flatMap(([endpointClass, limit]): [string, BudgetLimit][] => {
    const meant = written.get(endpointClass) ?? limit
    return meant === 'unlimited' ? [] : [[endpointClass, meant]]
  })
  const hash = createHash('sha256')
    .update(JSON.stringify([plugin, account]))
    .digest('hex')
  return { account: hash, limits: new Map(all) }
}
