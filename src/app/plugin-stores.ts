import type { Pool } from 'pg'
import type { Log } from '../log.ts'
import type { RegistryOptions } from '../registry/registry.ts'
import { createTokenShelf } from '../registry/token-shelf.ts'
import { createSealedShelf } from '../store/access-tokens.ts'
import { createBudgetLedger } from '../store/budgets.ts'

/** What plugins share with those of other processes: the budgets of accounts, and where there is a secret, access tokens. */
export function pluginStores(
  pool: Pool,
  secret: string | undefined,
  log: Log,
): Pick<RegistryOptions, 'budgetLedger' | 'tokenShelf'> {
  const budgetLedger = createBudgetLedger(pool)
  if (secret === undefined) return { budgetLedger }
  const unreadable = new Set<string>()
  const tokenShelf = createTokenShelf(createSealedShelf(pool), secret, ({ destination, name }) => {
    const place = JSON.stringify([destination, name])
    if (!unreadable.has(place)) log.warn({ destination }, 'access_token.unreadable')
    unreadable.add(place)
  })
  return { budgetLedger, tokenShelf }
}
