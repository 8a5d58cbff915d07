import type { Owner, RecordLink } from 'flowgate/plugin'
import { selectById } from './looked.ts'
import type { Desk } from './place.ts'
import { isRecordId, objectOf } from './record-id.ts'
import { fieldOf } from './schema.ts'
import { requireNames } from './soql.ts'

/** The first three characters of the id of every group, which queues are (developer.salesforce.com, "Standard object prefixes"). */
const GROUP_PREFIX = '00G'

/**
 * Who owns a record. A queue has a name and no address; a user who left has none that anybody reads. `null` for objects
 * without owners, such as the details of a master.
 */
export async function ownerOfRecord({ api, schema }: Desk, record: RecordLink): Promise<Owner | null> {
  requireNames([record.object])
  if (!isRecordId(record.id)) return null
  const object = objectOf(record.object, record.id)
  const described = await schema.describe(api, object)
  if (described !== undefined && fieldOf(described, 'OwnerId') === undefined) return null
  const [owned] = await selectById(api, object, record.id, ['OwnerId'])
  const id = owned?.shown['OwnerId']
  if (!isRecordId(id)) return null
  const queue = id.startsWith(GROUP_PREFIX)
  const [owner] = await selectById(api, queue ? 'Group' : 'User', id, queue ? ['Name'] : ['Name', 'Email', 'IsActive'])
  const { Name: name, Email: email, IsActive: active } = owner?.shown ?? {}
  return {
    id,
    ...(typeof email === 'string' && email !== '' && active !== false ? { email } : {}),
    ...(typeof name === 'string' && name !== '' ? { name } : {}),
  }
}
