import type { MappingFile } from '../config/schema/mapping.ts'
import type { Sql } from './pool.ts'

/** A mapping's content under the hash that names it for ever. */
export interface StoredMapping {
  readonly hash: string
  readonly flow: string
  readonly content: MappingFile
}

/** Keeps a mapping so that submissions and deliveries can name it. Harmless when it is kept already. */
export async function saveMapping(sql: Sql, { hash, flow, content }: StoredMapping, now: Date): Promise<void> {
  await sql.query(
    `insert into mappings (hash, flow, content, first_used_at) values ($1, $2, $3, $4) on conflict (hash) do nothing`,
    [hash, flow, JSON.stringify(content), now],
  )
}

/** The content of a kept mapping, `undefined` where there is none of that hash. */
export async function readMapping(sql: Sql, hash: string): Promise<MappingFile | undefined> {
  const { rows } = await sql.query<{ content: MappingFile }>('select content from mappings where hash = $1', [hash])
  return rows[0]?.content
}
