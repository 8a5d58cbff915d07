import type { StandInAnswer, StandInRequest } from 'flowgate/plugin/testing'
import type { HubspotAccount } from './hubspot-account.ts'
import { notFound } from './hubspot-answers.ts'

/** Somebody who may own records, or once could. */
export interface StoredOwner {
  readonly id: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  /** No longer a user of the account: shown only to those who ask for archived ones. */
  readonly archived: boolean
}

/** `GET /crm/v3/owners`, also by `email`. */
export function listOwners(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const email = request.query.get('email')?.toLowerCase()
  const results = account.owners
    .filter((owner) => owner.archived === (request.query.get('archived') === 'true'))
    .filter((owner) => email === undefined || owner.email.toLowerCase() === email)
  return { status: 200, body: { results: results.map(shown) } }
}

/** `GET /crm/v3/owners/:id`. */
export function readOwner(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const archived = request.query.get('archived') === 'true'
  const owner = account.owners.find(({ id }) => id === request.parameters['id'])
  if (owner === undefined || owner.archived !== archived) return notFound('resource not found')
  return { status: 200, body: shown(owner) }
}

function shown({ id, email, firstName, lastName, archived }: StoredOwner) {
  const time = new Date().toISOString()
  const userId = Number(id) + 100
  return { id, email, type: 'PERSON', firstName, lastName, userId, createdAt: time, updatedAt: time, archived }
}
