import type { CrmRecord } from 'flowgate/plugin'
import type { HubspotApi } from '../calls/api.ts'
import { standardObject } from '../object-types.ts'
import { OWNER_PROPERTY, Owners } from './owners.ts'
import { Pipelines } from './pipelines.ts'
import { propertyValues } from './properties.ts'

/** Turns the fields of a mapping into what HubSpot takes: text, ids of owners, pipelines and stages. */
export class RecordValues {
  readonly owners: Owners
  readonly pipelines: Pipelines

  constructor(now: () => Date) {
    this.owners = new Owners(now)
    this.pipelines = new Pipelines(now)
  }

  async of(api: HubspotApi, object: string, fields: CrmRecord['fields']): Promise<Record<string, string>> {
    const values = await this.pipelines.resolve(api, object, propertyValues(fields))
    const owner = values[OWNER_PROPERTY]
    if (owner?.includes('@')) values[OWNER_PROPERTY] = await this.owners.idOf(api, owner)
    return values
  }
}

/** What a new note must have besides: HubSpot puts it on the timeline at this time. */
export function withNoteTime(
  object: string,
  values: Readonly<Record<string, string>>,
  now: Date,
): Readonly<Record<string, string>> {
  if (standardObject(object) !== 'notes' || values['hs_timestamp']) return values
  return { ...values, hs_timestamp: now.toISOString() }
}
