import { type Crm, type Failure, FailureError, type JsonObject, type LookUp } from 'flowgate/plugin'
import type { CrmSourceConfig } from './config.ts'

/** A CRM that records can be looked up in. */
export type SearchableCrm = Crm & Required<Pick<Crm, 'find'>>

/** Throws what stops the source where the CRM has no look-up. */
export function searchable(crm: Crm, destination: string): SearchableCrm {
  if (hasFind(crm)) return crm
  const message = `Nothing can be looked up in ${destination}: its plugin has no find. Name another CRM in the source's destination.`
  throw new FailureError({ kind: 'permanent', scope: 'destination', code: 'FG_CRM_SOURCE_CANNOT_FIND', message })
}

/** What to look up for a question. Throws where it can never be answered. */
export function lookUpOf({ queries }: CrmSourceConfig, query: string, parameters: JsonObject): LookUp {
  const asked = Object.hasOwn(queries, query) ? queries[query] : undefined
  if (asked === undefined) {
    const known = Object.keys(queries).join(', ')
    throw new FailureError(
      ofQuestion('FG_CRM_SOURCE_UNKNOWN_QUERY', `The source has no query ${query}. It has: ${known}.`),
    )
  }
  const { object, by, fields } = asked
  const value = Object.hasOwn(parameters, by) ? parameters[by] : undefined
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    const message = `The query ${query} needs one value in its parameter ${by}.`
    throw new FailureError(ofQuestion('FG_CRM_SOURCE_PARAMETER', message))
  }
  return { object, field: by, value: String(value), fields }
}

function hasFind(crm: Crm): crm is SearchableCrm {
  return crm.find !== undefined
}

function ofQuestion(code: string, message: string): Failure {
  return { kind: 'permanent', scope: 'record', code, message }
}
