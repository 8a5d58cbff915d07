import assert from 'node:assert/strict'
import type { Crm, LookUp } from '../definition.ts'
import type { CrmRecord, Receipt } from '../delivery.ts'
import { type Failure, FailureError } from '../failure.ts'
import type { JsonObject } from '../json.ts'
import type { ConformanceCheck } from './check.ts'
import type { StageRecords } from './stage.ts'
import { call, describe, rejection, type Trial } from './trial.ts'

/** What people may type where a look-up is made of it. */
const ODD_VALUES = ['../../x', '..', 'a/b?c#d', '%2e%2e', "x' or '1'='1", 'x" or "1"="1', '*', '%']

/** What a CRM promises that looks records up: write policies, `flowgate undo` and sources rest on it. */
export const recordChecks: readonly ConformanceCheck[] = [
  {
    name: 'a look-up of nobody is null and writes nothing',
    kind: 'crm',
    about: 'look-up',
    async run(trial) {
      const { crm, records } = await searchable(trial)
      const found = await crm.find(records.lookUp(0), call('nobody'))
      await crm.close()
      assert.equal(found, null, 'A look-up found a record where there is none. Resolve find with null then.')
      const writes = trial.stage.writes()
      assert.equal(writes, 0, `A look-up made ${writes} write requests. Ask with a request that only reads.`)
    },
  },
  {
    name: 'a look-up finds what was delivered, by its field and by its id',
    kind: 'crm',
    about: 'look-up',
    async run(trial) {
      const { crm, records } = await searchable(trial)
      const { id } = await crm.deliver(sample(trial, 0), call('kept'))
      await crm.deliver(sample(trial, 1), call('another'))
      const look = records.lookUp(0)
      for (const way of [look, { ...look, field: 'id', value: id }]) {
        const found = await crm.find(way, call('look'))
        const cure = 'Look on every page, and among records written a moment ago. The field `id` is the id of receipts.'
        assert.equal(found?.['id'], id, `A look-up by ${way.field} did not find the record that was delivered. ${cure}`)
        assertHolds(found, sample(trial, 0).fields, look.fields)
      }
      await crm.close()
    },
  },
  {
    name: 'what people type leads a look-up nowhere else',
    kind: 'crm',
    about: 'look-up',
    async run(trial) {
      const { crm, records } = await searchable(trial)
      await crm.deliver(sample(trial, 0), call('kept'))
      for (const value of ODD_VALUES) {
        const found = await crm.find({ ...records.lookUp(0), value }, call('odd')).catch((error: unknown) => {
          const ended = error instanceof FailureError ? describe(error.failure) : 'an error'
          assert.fail(`A look-up of ${value} ended as ${ended}. It finds nobody: resolve with null. ${encode}`)
        })
        assert.equal(found, null, `A look-up of ${value} found a record. ${encode}`)
      }
      await crm.close()
    },
  },
  {
    name: 'a look-up fails with a FailureError',
    kind: 'crm',
    about: 'look-up',
    async run(trial) {
      const { crm, records } = await searchable(trial, trial.stage.refusedConfig)
      const failure = await failureOfLook(crm, records.lookUp(0), 'With refused credentials a look-up was answered.')
      assert.ok(
        failure.kind === 'permanent' && failure.scope === 'destination',
        `Refused credentials were reported by find as ${describe(failure)}. Make it permanent with scope destination.`,
      )
      await crm.close()
    },
  },
  {
    name: 'a record that is known already is updated by its id, and none is made',
    kind: 'crm',
    about: 'look-up',
    async run(trial) {
      const { crm, records } = await searchable(trial)
      const first = await crm.deliver(sample(trial, 0), call('first'))
      const known = await crm.deliver(existing(sample(trial, 1), first), call('known'))
      assert.equal(known.id, first.id, `A record with \`existing\` was written as another one. ${byId}`)
      assert.notEqual(known.outcome, 'created', `The receipt of a record with \`existing\` says created. ${byId}`)
      const beside = await crm.find(records.lookUp(1), call('look'))
      assert.equal(beside, null, `A record with \`existing\` was made anew. ${byId}`)
      const look = { ...records.lookUp(0), field: 'id', value: first.id }
      assertHolds(await crm.find(look, call('look')), sample(trial, 1).fields, [records.clears])
      await crm.deliver(existing({ ...sample(trial, 1), fields: { [records.clears]: null } }, first), call('cleared'))
      assertBlank(await crm.find(look, call('look')), records.clears)
      await crm.close()
    },
  },
  {
    name: 'an update sets and clears what it names, and nothing else',
    kind: 'crm',
    about: 'updates',
    async run(trial) {
      const { crm, records } = await searchable(trial)
      const update = crm.update?.bind(crm) ?? assert.fail('The plugin has no update, and the stage says it can.')
      const { object, fields } = sample(trial, 0)
      const { id } = await crm.deliver(sample(trial, 0), call('kept'))
      const look = { ...records.lookUp(0), field: 'id', value: id }
      const value = sample(trial, 1).fields[records.clears] ?? null
      await update({ object, id }, { [records.clears]: value }, call('update'))
      const updated = await crm.find(look, call('look'))
      assertHolds(updated, { ...fields, [records.clears]: value }, look.fields)
      await update({ object, id }, { [records.clears]: null }, call('clear'))
      const cleared = await crm.find(look, call('look'))
      assertBlank(cleared, records.clears)
      assertHolds(
        cleared,
        fields,
        look.fields.filter((name) => name !== records.clears),
      )
      await crm.close()
    },
  },
  {
    name: 'of several records that fit none is chosen, and all are named',
    kind: 'crm',
    about: 'twins',
    async run(trial) {
      const { crm, records } = await searchable(trial)
      const look = (await records.twins?.()) ?? assert.fail('The stage has no twins: make two records alike there.')
      const failure = await failureOfLook(crm, look, 'Of two records that fit alike one was chosen.')
      const candidates = failure.kind === 'permanent' && failure.scope === 'record' ? (failure.candidates ?? []) : []
      const cure = 'Throw a permanent failure of scope record with their ids as candidates: a person chooses.'
      assert.equal(new Set(candidates).size, 2, `Two records that fit were reported as ${describe(failure)}. ${cure}`)
      await crm.close()
    },
  },
]

const byId = 'Update that id: look for nothing and create nothing.'
const encode = "Encode values for where they go: a path, a query, the vendor's query language."

type Searchable = Crm & Required<Pick<Crm, 'find'>>

async function searchable<Input, Config>(
  { stage, configure }: Trial<Input, Config>,
  config = stage.config,
): Promise<{ crm: Searchable; records: StageRecords }> {
  const instance = await configure(config)
  if (!isSearchable(instance)) assert.fail('The plugin has no find. Build it, or name look-up in `without`.')
  return { crm: instance, records: stage.records ?? assert.fail('The stage has no records.') }
}

function isSearchable(instance: object): instance is Searchable {
  return 'find' in instance && typeof instance.find === 'function'
}

function sample<Input, Config>({ stage }: Trial<Input, Config>, index: number): CrmRecord {
  const input = stage.sample(index)
  if (!isRecord(input) || input.match === undefined) assert.fail('A sample has no `match`: make it an upsert.')
  return input
}

function isRecord(input: unknown): input is CrmRecord {
  return typeof input === 'object' && input !== null && 'object' in input && 'fields' in input
}

/** The record as the gateway hands it over where it has found one itself: its `match` is not written again. */
function existing(record: CrmRecord, { id }: Receipt): CrmRecord {
  const fields = Object.fromEntries(Object.entries(record.fields).filter(([name]) => name !== record.match))
  return { ...record, fields, existing: id }
}

async function failureOfLook(crm: Searchable, look: LookUp, advice: string): Promise<Failure> {
  const error = await rejection(crm.find(look, call('look')), `${advice} Reject instead.`)
  const cure = "Who calls is another and cannot classify your SDK's errors: throw FailureErrors from find."
  assert.ok(error instanceof FailureError, `find rejected with an error of its own. ${cure}`)
  return error.failure
}

function assertHolds(found: JsonObject | null, fields: CrmRecord['fields'], names: readonly string[]): void {
  for (const name of names) {
    assert.ok(fields[name] !== undefined, `The samples have no ${name}, and the stage looks for it.`)
    const cure = 'Answer every field asked for that is not blank, and write exactly the fields given.'
    assert.equal(String(found?.[name]), String(fields[name]), `A look-up shows ${name} otherwise than written. ${cure}`)
  }
}

function assertBlank(found: JsonObject | null, name: string): void {
  const cure = 'A field that is null is cleared; find leaves out what is blank.'
  assert.ok(found !== null && (found[name] ?? undefined) === undefined, `${name} was not cleared. ${cure}`)
}
