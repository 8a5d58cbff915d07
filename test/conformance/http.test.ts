import type { CrmRecord, JsonObject } from 'flowgate/plugin'
import { conformance, httpTrouble, type Stage, type StageRecords } from 'flowgate/plugin/testing'
import http from '../../plugins/http/index.ts'
import type { HttpConfig, ObjectConfig } from '../../plugins/http/records/crm-config.ts'
import { apiKey, type Kept, startListApi } from '../stand-ins/list-api.ts'

const wrongKey = 'list-key-wrong'

/** A way in which an API lets a repeat be told. */
interface Way {
  readonly name: string
  readonly object: 'notes' | 'members'
  readonly operation: CrmRecord['operation']
  readonly requests: ObjectConfig
  readonly header: boolean
  readonly canTell: boolean
  /** Its records can be looked up, and changed. */
  readonly whole?: true
}

const member: JsonObject = { email: '{fields.email}', name: '{fields.name}' }
const note: JsonObject = { text: '{fields.name}', mail: '{fields.email}' }

const WAYS: readonly Way[] = [
  {
    name: 'http with a key header',
    object: 'notes',
    operation: 'create',
    requests: { create: { path: '/notes', body: note, id: 'data.id', url: 'data.url' } },
    header: true,
    canTell: true,
  },
  {
    name: 'http with a field for the key',
    object: 'notes',
    operation: 'create',
    requests: {
      create: { path: '/notes', body: { ...note, ref: '{key}' }, id: 'data.id' },
      find: { path: '/notes', query: { ref: '{value}' }, items: 'data' },
      key_field: 'ref',
    },
    header: false,
    canTell: true,
  },
  {
    name: 'http without a key',
    object: 'notes',
    operation: 'create',
    requests: { create: { path: '/notes', body: note, id: 'data.id' } },
    header: false,
    canTell: false,
  },
  {
    name: 'http with one request that upserts',
    object: 'members',
    operation: 'upsert',
    requests: { upsert: { path: '/members/{match.value}', body: member, id: 'data.id' } },
    header: false,
    canTell: true,
  },
  {
    name: 'http that looks and then writes',
    object: 'members',
    operation: 'upsert',
    requests: {
      find: { path: '/members', query: { search: '{value}' }, items: 'data' },
      create: { path: '/members', body: member, id: 'data.id' },
      update: { path: '/members/{id}', body: member },
      find_by_id: { path: '/members/{id}', items: 'data' },
    },
    header: false,
    canTell: true,
    whole: true,
  },
]

for (const way of WAYS) {
  // Its members are one of each address, and notes are not looked up.
  const without = way.whole ? (['twins'] as const) : (['look-up', 'updates', 'twins'] as const)
  conformance({ name: way.name, plugin: http, without, stage: () => httpStage(way) })
}

async function httpStage({
  object,
  operation,
  requests,
  header,
  canTell,
  whole,
}: Way): Promise<Stage<CrmRecord, HttpConfig>> {
  const api = await startListApi({ keys: header })
  const config = (bearer: string): HttpConfig => ({
    base_url: api.url,
    auth: { bearer },
    health: '/me',
    ...(header ? { idempotency_header: 'Idempotency-Key' } : {}),
    objects: { [object]: requests },
  })
  const record = (name: string, email: string): CrmRecord => ({
    id: 'one',
    object,
    operation,
    ...(operation === 'upsert' ? { match: 'email' } : {}),
    fields: { email, name },
    links: [],
  })
  const mailOf = ({ fields }: Kept) => fields[object === 'notes' ? 'mail' : 'email']
  return {
    ...httpTrouble(api.standIn, { writes: ['POST /v1/*', 'PUT /v1/*', 'PATCH /v1/*'] }),
    config: config(apiKey),
    refusedConfig: config(wrongKey),
    secrets: [apiKey, wrongKey, 'Ana Souza Lima', 'ana-0@acme.example', 'ana-1@acme.example'],
    canTell,
    sample: (index) => record(`Ana Souza Lima ${index}`, `ana-${index}@acme.example`),
    unacceptable: record('refuse Ana Souza Lima', 'refused@acme.example'),
    effects: (key, { fields }) =>
      api[object].filter((kept) => mailOf(kept) === fields['email'] && (!header || kept.key === key)).length,
    ...(whole ? { records } : {}),
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  }
}

const records: StageRecords = {
  lookUp: (index) => ({ object: 'members', field: 'email', value: `ana-${index}@acme.example`, fields: ['name'] }),
  clears: 'name',
  canUpdate: true,
}
