import { UnansweredError } from '../calls/exchange.ts'
import { pageType } from '../object-types.ts'

/** What a link to a record is made of. EU accounts live on another host, so it cannot be guessed. */
export interface Account {
  readonly portalId: string
  readonly uiDomain: string
}

/** Reads `GET /account-info/v3/details`. Only a host name and a number pass: they end up in a link people open. */
export function readAccount(details: unknown): Account {
  const { portalId, uiDomain } =
    typeof details === 'object' && details !== null ? { ...noAccount, ...details } : noAccount
  const known = /^\d+$/.test(String(portalId)) && typeof uiDomain === 'string' && /^[A-Za-z0-9.-]+$/.test(uiDomain)
  if (!known) {
    const empty = typeof details === 'object' && details !== null && Object.keys(details).length === 0
    // An answer that lost its body says nothing about who gave it.
    throw new UnansweredError(empty ? 'unreadable' : 'not-hubspot', 'The account details hold no portalId and uiDomain')
  }
  return { portalId: String(portalId), uiDomain }
}

const noAccount: { portalId?: unknown; uiDomain?: unknown } = {}

/**
 * The address of a record in HubSpot's own pages. `undefined` for notes, and for a custom object named by its name: the
 * pages know it only by its type id, such as `2-123`.
 */
export function recordUrl(account: Account, object: string, id: string): string | undefined {
  const typeId = pageType(object)
  if (typeId === undefined) return undefined
  return `https://${account.uiDomain}/contacts/${account.portalId}/record/${typeId}/${encodeURIComponent(id)}`
}
