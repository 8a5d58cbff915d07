import type { CrmField, CrmObject, CrmOption } from 'flowgate/plugin'
import type { HubspotApi, ShownProperty } from '../calls/api.ts'
import { ProblemError } from '../calls/problem.ts'
import { standardObject } from '../object-types.ts'
import { OWNER_PROPERTY } from '../records/owners.ts'
import { stageProperties } from '../records/pipelines.ts'

const LONGEST_TEXT = 65_536

/** What a new record cannot be without. Contacts and companies need one of several, so none of theirs is required alone. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  deals: ['dealname'],
  tickets: ['subject', 'hs_pipeline_stage'],
}

/** The properties of these objects as the account has them now; objects that it does not have are left out. */
export async function describeObjects(api: HubspotApi, objects: readonly string[]): Promise<readonly CrmObject[]> {
  const described: CrmObject[] = []
  for (const object of new Set(objects)) {
    const properties = await propertiesOf(api, object)
    if (properties === undefined) continue
    const stages = await stageOptions(api, object, properties)
    const fields = properties.map((property) => fieldOf(object, property, stages))
    described.push({ name: object, label: labelOf(object), fields })
  }
  return described
}

async function propertiesOf(api: HubspotApi, object: string): Promise<readonly ShownProperty[] | undefined> {
  try {
    return await api.properties(object)
  } catch (error) {
    // HubSpot says 400 to a name that no object has.
    if (error instanceof ProblemError && error.problem.fromHubspot && [400, 404].includes(error.problem.status))
      return undefined
    throw error
  }
}

type Options = ReadonlyMap<string, readonly CrmOption[]>

/** Pipelines and stages may be written by id or by label, so both are options. */
async function stageOptions(api: HubspotApi, object: string, properties: readonly ShownProperty[]): Promise<Options> {
  const names = stageProperties(object)
  if (!properties.some(({ name }) => name === names.stage)) return new Map()
  try {
    const pipelines = await api.pipelines(object)
    const stages = pipelines.flatMap(({ label, stages: own }) =>
      own.map((stage) => ({ ...stage, shown: pipelines.length > 1 ? `${stage.label} (${label})` : stage.label })),
    )
    return new Map([
      [names.pipeline, bothWays(pipelines.map((pipeline) => ({ ...pipeline, shown: pipeline.label })))],
      [names.stage, bothWays(stages)],
    ])
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404) return new Map()
    throw error
  }
}

function bothWays(items: readonly { id: string; label: string; shown: string }[]): readonly CrmOption[] {
  const byId = items.map(({ id, shown }) => ({ value: id, label: shown }))
  const taken = new Set(byId.map(({ value }) => value))
  const labels = new Set(items.map(({ label }) => label).filter((label) => !taken.has(label)))
  return [...byId, ...[...labels].map((label) => ({ value: label, label }))]
}

function fieldOf(object: string, property: ShownProperty, stages: Options): CrmField {
  const { name, label, readOnly } = property
  const standard = standardObject(object)
  const type = typeOf(property)
  const options = stages.get(name) ?? (type === 'choice' || type === 'choices' ? property.options : undefined)
  return {
    name,
    label,
    type,
    required: REQUIRED[standard ?? '']?.includes(name) ?? false,
    writable: !readOnly,
    unique: property.unique || (name === 'email' && standard === 'contacts'),
    ...(type === 'text' ? { maxLength: LONGEST_TEXT } : {}),
    ...(options === undefined ? {} : { options: options.map(({ value, label: shown }) => ({ value, label: shown })) }),
  }
}

/** HubSpot's types (https://developers.hubspot.com/docs/api-reference/crm-properties-v3/guide). */
function typeOf({ name, type, fieldType }: ShownProperty): CrmField['type'] {
  if (name === OWNER_PROPERTY) return 'reference'
  switch (type) {
    case 'string':
    case 'phone_number':
      return 'text'
    case 'number':
    case 'date':
    case 'datetime':
      return type
    case 'bool':
      return 'boolean'
    case 'enumeration':
      if (fieldType === 'booleancheckbox') return 'boolean'
      return fieldType === 'checkbox' ? 'choices' : 'choice'
    default:
      return 'other'
  }
}

/** HubSpot has no label of an object among its properties. */
function labelOf(object: string): string {
  const standard = standardObject(object)
  return standard === undefined ? object : standard.charAt(0).toUpperCase() + standard.slice(1)
}
