import type { Ability } from 'flowgate/plugin'
import { ask, rowsOf, type SampleCrm, type SampleCrmConfig, sampleCrm, shownOf, write } from './sample-crm.ts'

/** A sample CRM broken on purpose, the check that must find it, and what that check must say. */
export interface BrokenCrm {
  readonly fault: string
  readonly check: string
  readonly says: RegExp
  readonly habits: (config: SampleCrmConfig) => Partial<SampleCrm>
  /** What its definition says; left out: nothing. */
  readonly abilities?: readonly Ability[]
}

/** One or more broken CRMs for every check of the kit about records. */
export const brokenCrms: readonly BrokenCrm[] = [
  {
    fault: 'does not say that it looks records up',
    check: 'the definition says what the instance does',
    says: /abilities lacks find, and it works/,
    habits: () => ({}),
    abilities: ['upsert', 'update', 'files'],
  },
  {
    fault: 'says that it knows owners and does not',
    check: 'the definition says what the instance does',
    says: /abilities says owner, and the instance has no ownerOf/,
    habits: () => ({}),
    abilities: ['upsert', 'find', 'update', 'owner', 'files'],
  },
  {
    fault: 'drops files in silence',
    check: 'the definition says what the instance does',
    says: /abilities says no files, and a record with one was not refused/,
    habits: () => ({}),
    abilities: ['create', 'upsert', 'find', 'update'],
  },
  {
    fault: 'makes the record it looks for',
    check: 'a look-up of nobody is null and writes nothing',
    says: /A look-up found a record where there is none/,
    habits: (config) => ({
      async find(look, call) {
        const found = await sampleCrm(config).find(look, call)
        if (found !== null || !look.value.startsWith('ana0')) return found
        await ask(config, 'PUT', `/records/contacts?email=${look.value}`, call, { email: look.value })
        return sampleCrm(config).find(look, call)
      },
    }),
  },
  {
    fault: 'writes down that somebody was looked for',
    check: 'a look-up of nobody is null and writes nothing',
    says: /A look-up made 1 write requests/,
    habits: (config) => ({
      async find(look, call) {
        const found = await sampleCrm(config).find(look, call)
        if (found === null) await ask(config, 'PUT', '/records/looks?name=looks', call, { name: 'looks' })
        return found
      },
    }),
  },
  {
    fault: 'answers its own name for the id',
    check: 'a look-up finds what was delivered, by its field and by its id',
    says: /A look-up by email did not find the record/,
    habits: (config) => ({
      async find(look, call) {
        const found = await sampleCrm(config).find(look, call)
        return found === null ? null : { ...found, id: look.field === 'id' ? (found['id'] ?? null) : look.value }
      },
    }),
  },
  {
    fault: 'answers fields that it was not given',
    check: 'a look-up finds what was delivered, by its field and by its id',
    says: /A look-up shows name otherwise than written/,
    habits: (config) => ({
      async find(look, call) {
        const found = await sampleCrm(config).find(look, call)
        return found === null || look.field === 'id' ? found : { ...found, name: 'Ana' }
      },
    }),
  },
  {
    fault: 'puts what was typed into an address',
    check: 'what people type leads a look-up nowhere else',
    says: /A look-up of a\/b\?c#d (found a record|ended as)/,
    habits: (config) => ({
      async find(look, call) {
        if (!/[#?]/.test(look.value)) return sampleCrm(config).find(look, call)
        const [row] = (await ask(config, 'GET', '/records/contacts', call)) as unknown as Parameters<
          typeof shownOf
        >[0][]
        return shownOf(row, look)
      },
    }),
  },
  {
    fault: 'fails a look-up with an error of its own',
    check: 'a look-up fails with a FailureError',
    says: /find rejected with an error of its own/,
    habits: (config) => ({ find: async (look, call) => shownOf((await unlessSeveral(config, look, call))[0], look) }),
  },
  {
    fault: 'finds nobody with refused credentials',
    check: 'a look-up fails with a FailureError',
    says: /With refused credentials a look-up was answered/,
    habits: (config) => ({
      async find(look, call) {
        return config.token.includes('wrong') ? null : sampleCrm(config).find(look, call)
      },
    }),
  },
  {
    fault: 'makes a record that is known already anew',
    check: 'a record that is known already is updated by its id, and none is made',
    says: /was written as another one/,
    habits: (config) => ({
      async deliver({ existing, ...record }, call) {
        const fields = { ...record.fields, ...(existing === undefined ? {} : { email: `new-${call.idempotencyKey}` }) }
        return write(config, { ...record, fields }, call)
      },
    }),
  },
  {
    fault: 'leaves what is to be cleared',
    check: 'a record that is known already is updated by its id, and none is made',
    says: /city was not cleared/,
    habits: (config) => ({
      async deliver(record, call) {
        const fields = Object.entries(record.fields).filter(([, value]) => value !== null)
        return write(config, { ...record, fields: Object.fromEntries(fields) }, call)
      },
    }),
  },
  {
    fault: 'updates more than it is told',
    check: 'an update sets and clears what it names, and nothing else',
    says: /A look-up shows name otherwise than written/,
    habits: (config) => ({
      update: (record, fields, call) => sampleCrm(config).update(record, { name: 'Somebody', ...fields }, call),
    }),
  },
  {
    fault: 'updates nothing',
    check: 'an update sets and clears what it names, and nothing else',
    says: /A look-up shows city otherwise than written/,
    habits: () => ({ update: async () => {} }),
  },
  {
    fault: 'chooses the first of several records',
    check: 'of several records that fit none is chosen, and all are named',
    says: /Of two records that fit alike one was chosen/,
    habits: (config) => ({
      async find(look, call) {
        return look.field === 'phone'
          ? shownOf((await rowsOf(config, look, call))[0], look)
          : sampleCrm(config).find(look, call)
      },
    }),
  },
]

/** Rows as the vendor shows them; its errors pass as they are. */
async function unlessSeveral(config: SampleCrmConfig, ...[look, call]: Parameters<SampleCrm['find']>) {
  const rows = await rowsOf(config, look, call)
  if (rows.length > 1) await sampleCrm(config).find(look, call)
  return rows
}
