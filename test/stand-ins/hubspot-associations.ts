import type { StandInAnswer, StandInRequest } from 'flowgate/plugin/testing'
import type { HubspotAccount, StoredAssociation } from './hubspot-account.ts'

/** `PUT /crm/v4/objects/:from/:fromId/associations/default/:to/:toId`: both ends see it, and once is enough. */
export function associateDefault(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const { from = '', fromId = '', to = '', toId = '' } = request.parameters
  account.associate({
    from: { object: account.objectType(from).name, id: fromId },
    to: { object: account.objectType(to).name, id: toId },
  })
  const results = [
    { from: { id: fromId }, to: { id: toId }, associationSpec: { associationCategory: 'HUBSPOT_DEFINED' } },
  ]
  const time = new Date().toISOString()
  return { status: 200, body: { status: 'COMPLETE', results, startedAt: time, completedAt: time } }
}

/** `GET /crm/v4/objects/:from/:fromId/associations/:to`, whichever end it was made from. */
export function readAssociations(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const { from = '', fromId = '', to = '' } = request.parameters
  const [fromName, toName] = [account.objectType(from).name, account.objectType(to).name]
  const mine = ({ object, id }: StoredAssociation['from']) => object === fromName && id === fromId
  const linked = account.associations
    .flatMap((held) => [held, { from: held.to, to: held.from }])
    .filter((held) => mine(held.from) && held.to.object === toName)
  const associationTypes = [{ category: 'HUBSPOT_DEFINED', label: null }]
  const results = linked.map((held) => ({ toObjectId: Number(held.to.id), associationTypes }))
  return { status: 200, body: { results } }
}
