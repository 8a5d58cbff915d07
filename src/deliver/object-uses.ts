import type { Configuration } from '../config/configuration.ts'
import type { RecordMapping } from '../map/model.ts'
import type { ObjectUse } from '../plugin/definition.ts'

/** How the mappings in force, of all versions that are alive, use each kind of record at a destination. */
export function objectUses(configuration: Configuration, destination: string): readonly ObjectUse[] {
  const versions = [...configuration.flows.values()].flatMap((flow) => [...flow.versions.values()])
  const records = versions.flatMap(({ mapping }) => mapping?.records ?? []).filter(({ to }) => to === destination)
  return sorted(records.map(({ object }) => object)).map((object) => {
    const ofObject = records.filter((record) => record.object === object)
    return {
      object,
      creates: ofObject.some(({ operation }) => operation === 'create'),
      matches: sorted(ofObject.flatMap(({ match }) => match ?? [])),
      fields: sorted(ofObject.flatMap(fieldsWritten)),
      files: ofObject.some(({ files }) => files.length > 0),
    }
  })
}

function fieldsWritten({ fields }: RecordMapping): readonly string[] {
  return [...fields].filter(([, { writing }]) => writing.policy !== 'never').map(([name]) => name)
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}
