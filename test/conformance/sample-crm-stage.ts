import type { CrmRecord, JsonObject } from 'flowgate/plugin'
import { httpTrouble, type Stage, type StandInHandler, startStandIn } from 'flowgate/plugin/testing'
import type { SampleCrmConfig, SampleRow } from './sample-crm.ts'

const token = 'sample-right-4711'
const refused = 'sample-wrong-0815'

/** A fresh sample CRM: one record for each match, found by any field; refuses other tokens and empty names. */
export async function sampleCrmStage(): Promise<Stage<CrmRecord, SampleCrmConfig>> {
  const rows: SampleRow[] = []
  const allowed =
    (handler: StandInHandler): StandInHandler =>
    (request) =>
      request.headers.authorization === `Bearer ${token}` ? handler(request) : { status: 401 }
  const fitting = (query: URLSearchParams) =>
    rows.filter(({ id, fields }) => [...query].every(([name, value]) => ({ ...fields, id })[name] === value))
  const standIn = await startStandIn({
    routes: {
      'GET /me': allowed(() => ({ status: 200, body: {} })),
      'GET /records/:object': allowed(({ query }) => ({ status: 200, body: fitting(query) })),
      'PUT /records/:object': allowed(({ query, body }) => {
        const fields = body as JsonObject
        if (fields['name'] === '') return { status: 422 }
        const [known] = fitting(query)
        const row = { id: known?.id ?? `r${rows.length + 1}`, fields: { ...known?.fields, ...fields } }
        rows.splice(known === undefined ? rows.length : rows.indexOf(known), 1, row)
        return { status: 200, body: { id: row.id, made: known === undefined } }
      }),
    },
  })
  const record = (email: string, name: string, city: string): CrmRecord => ({
    id: 'contact',
    object: 'contacts',
    operation: 'upsert',
    match: 'email',
    fields: { email, name, city },
    links: [],
  })
  return {
    ...httpTrouble(standIn, { writes: ['PUT /records/*'] }),
    config: { url: standIn.url, token },
    refusedConfig: { url: standIn.url, token: refused },
    secrets: [token, refused],
    canTell: true,
    sample: (index) => record(`ana${index}@example.com`, `Ana ${index}`, `City ${index}`),
    unacceptable: record('nobody@example.com', '', 'Nowhere'),
    effects: (_key, { fields }) => rows.filter((row) => row.fields['email'] === fields['email']).length,
    records: {
      lookUp: (index) => ({
        object: 'contacts',
        field: 'email',
        value: `ana${index}@example.com`,
        fields: ['name', 'city'],
      }),
      clears: 'city',
      canUpdate: true,
      twins() {
        rows.push({ id: 't1', fields: { phone: '+5511' } }, { id: 't2', fields: { phone: '+5511' } })
        return { object: 'contacts', field: 'phone', value: '+5511', fields: [] }
      },
    },
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}
