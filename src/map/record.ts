import type { RecordLink } from '../plugin/index.ts'
import type { RecordMapping } from './model.ts'
import { type DeliveredRecords, type MappingScope, type RecordResult, withRecords } from './result.ts'
import { mapFailure, workOut } from './work-out.ts'

/**
 * Makes the CRM record of one submission, as it is where nothing stands in the CRM yet. Never rejects because of a person's
 * answers: that is a `failed` result.
 */
export async function mapRecord(
  record: RecordMapping,
  scope: MappingScope,
  delivered: DeliveredRecords,
): Promise<RecordResult> {
  const whole = withRecords(scope, delivered)
  if (record.when !== undefined && !record.when.test(whole)) return { kind: 'skipped', because: 'when' }
  const { values, faults: ofFields } = await workOut(record.fields, whole)
  const answers = record.files.map((value, index) => [`files ${index + 1}`, value] as const)
  const { values: media, faults: ofFiles } = await workOut(answers, whole)
  const faults = new Map([...ofFields, ...ofFiles])
  if (faults.size > 0) return { kind: 'failed', failure: mapFailure(`record \`${record.id}\``, faults) }
  const { match } = record
  if (match !== undefined && !isKey(values.get(match)))
    return { kind: 'failed', failure: matchFailure(record.id, match) }
  return {
    kind: 'mapped',
    input: {
      id: record.id,
      object: record.object,
      operation: record.operation,
      ...(match === undefined ? {} : { match }),
      fields: Object.fromEntries([...values].filter(([name]) => name === match || isWritten(record, name))),
      links: linksOf(record, delivered),
    },
    media: [...media.values()].flat(),
  }
}

/** Skipped records are not among the delivered ones: a link to nothing is no link. */
function linksOf(record: RecordMapping, delivered: DeliveredRecords): readonly RecordLink[] {
  return record.links.flatMap((id) => {
    const found = delivered.get(id)
    return found === undefined ? [] : [{ object: found.object, id: found.receipt.id }]
  })
}

function isWritten({ fields }: RecordMapping, name: string): boolean {
  return fields.get(name)?.writing.policy !== 'never'
}

function isKey(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number'
}

function matchFailure(id: string, match: string) {
  const message = `record \`${id}\`: \`${match}\` finds the record and has no value for this person. Map it from a required field, or add \`when\`, then replay.`
  return { kind: 'permanent', scope: 'record', code: 'FG_MAP_MATCH_ABSENT', message, fields: [match] } as const
}
