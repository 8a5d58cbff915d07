import { createHash } from 'node:crypto'
import type { Delivery } from '../store/deliveries.ts'

const LONGEST = 64
const DIGEST = 10

/**
 * The key under which a vendor knows one delivery, over all its attempts and replays: readable, unique per submission and
 * record or notification, at most 64 characters. Records end in `.<id>`, notifications in `!<id>`, late ones in `!<id>.late`.
 */
export function idempotencyKey({
  submissionId,
  kind,
  item,
  stage,
}: Pick<Delivery, 'submissionId' | 'kind' | 'item'> & Partial<Pick<Delivery, 'stage'>>): string {
  const key = `${submissionId}${kind === 'record' ? '.' : '!'}${item}${stage === 'late' ? '.late' : ''}`
  if (key.length <= LONGEST) return key
  const digest = createHash('sha256').update(key).digest('hex').slice(0, DIGEST)
  return `${key.slice(0, LONGEST - DIGEST - 1)}~${digest}`
}
