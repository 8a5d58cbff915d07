import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RecordFile } from '../../src/config/schema/record.ts'
import { planUndo } from '../../src/deliver/undo.ts'
import type { Crm } from '../../src/plugin/definition.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import { type DeliveryStage, deliveryStage } from '../deliver/delivery-stage.ts'
import { mappingOf } from '../support/flow.ts'
import { CRM_PLACES, type CrmPlace } from './crm-places.ts'

const EMAIL = 'ana@acme.example'
const FORM = { id: EMAIL, name: 'Ana', message: 'Please call', phone: '+12025550123', company: 'Acme', stage: 'low' }

/** A CRM with a gateway's worker in front of it, and the CRM's own side: a person who reads and writes there. */
interface Desk extends AsyncDisposable {
  readonly stage: DeliveryStage
  readonly crm: Crm
  submit(
    form: JsonObject,
    fields?: RecordFile['fields'],
  ): Promise<{ readonly id: string; readonly outcome: string; readonly submissionId: string }>
  /** The fields that are not blank, by our own names. */
  read(id: string): Promise<JsonObject>
  /** As somebody does by hand. */
  write(id: string, fields: JsonObject): Promise<void>
}

/** One person's record as every mapping of these tests writes it. */
function fieldsOf({ fields: f, stages, ordersStages }: CrmPlace): RecordFile['fields'] {
  const [low, middle, high] = stages
  const order = ordersStages ? {} : { order: [...stages] }
  return {
    [f.match]: { from: 'form.id' },
    [f.name]: { from: 'form.name', write: 'if_empty' },
    [f.source]: { value: 'Web', write: 'create_only' },
    [f.notes]: { from: 'form.message', write: 'append' },
    [f.stage]: { from: 'form.stage', lookup: { low, middle, high }, write: 'forward_only', ...order },
    [f.phone]: { from: 'form.phone', write: 'if_empty' },
    [f.company]: { from: 'form.company' },
  }
}

async function desk(place: CrmPlace): Promise<Desk> {
  const { plugin, config, object } = place
  const stage = await deliveryStage({ destinations: { place: { plugin, config } } })
  const { instance: crm } = await stage.delivering.registry.crm('place')
  const call = () => ({
    idempotencyKey: 'by-hand',
    attempt: 1,
    uncertain: false,
    resend: false,
    signal: AbortSignal.timeout(5_000),
  })
  const own = Object.entries(place.fields)
  return {
    stage,
    crm,
    async submit(form, fields = fieldsOf(place)) {
      const record = {
        id: 'contact',
        to: 'place',
        object,
        operation: 'upsert',
        match: place.fields.match,
        fields,
      } as const
      const { contact } = await stage.submit(form, mappingOf({ records: [record] }))
      await stage.attempt(contact)
      const { state, receipt, failure, submissionId } = await stage.delivery(contact)
      assert.equal(state, 'delivered', failure?.message)
      return { id: receipt?.id ?? '', outcome: receipt?.outcome ?? '', submissionId }
    },
    async read(id) {
      const found = await crm.find?.({ object, field: 'id', value: id, fields: own.map(([, name]) => name) }, call())
      assert.ok(found)
      const held = own.flatMap(([ours, theirs]) =>
        found[theirs] === undefined ? [] : [[ours, found[theirs]] as const],
      )
      return Object.fromEntries(held)
    },
    async write(id, fields) {
      const theirs = Object.entries(fields).map(([name, value]) => [
        place.fields[name as keyof CrmPlace['fields']],
        value,
      ])
      await crm.update?.({ object, id }, Object.fromEntries(theirs), call())
    },
    async [Symbol.asyncDispose]() {
      await stage[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
    },
  }
}

for (const [name, open] of Object.entries(CRM_PLACES)) {
  describe(`in ${name}`, () => {
    test('a stage is not lowered, a phone tidied by hand stays, notes are appended, an empty answer clears nothing', async () => {
      const place = await open()
      await using at = await desk(place)
      const [low, , high] = place.stages
      const first = await at.submit(FORM)
      assert.equal(first.outcome, 'created')
      const created = await at.read(first.id)
      const entry = String(created['notes'])
      assert.match(entry, /^\[\d{4}-\d{2}-\d{2} \d{2}:\d{2}\] Please call$/)
      const rest = { match: EMAIL, name: 'Ana', source: 'Web', stage: low, phone: FORM.phone, company: 'Acme' }
      assert.deepEqual(created, { ...rest, notes: entry })

      await at.write(first.id, { stage: high, phone: '(202) 555-0123', source: 'Other' })
      at.stage.clock.advance(120_000)
      const second = await at.submit({ ...FORM, message: 'Again', company: ' ', name: 'Someone' })
      assert.deepEqual([second.id, second.outcome], [first.id, 'updated'])
      const { notes, ...others } = await at.read(first.id)
      assert.deepEqual(others, { ...rest, stage: high, phone: '(202) 555-0123', source: 'Other' })
      assert.match(String(notes), /\] Please call\n\[.*\] Again$/)

      await at.submit({ ...FORM, message: ' ', stage: 'middle', name: '' })
      assert.deepEqual(await at.read(first.id), { ...others, notes, company: 'Acme' })
    })

    test('a blank field is filled, and a field is emptied only where that is said', async () => {
      const place = await open()
      await using at = await desk(place)
      const { phone, company } = place.fields
      const { id } = await at.submit({ ...FORM, phone: '' })
      assert.equal((await at.read(id))['phone'], undefined)
      await at.submit({ ...FORM, company: 'Acme' })
      assert.equal((await at.read(id))['phone'], FORM.phone)
      const clearing = {
        ...fieldsOf(place),
        [phone]: { from: 'form.phone', clear: true },
        [company]: { from: 'form.company' },
      }
      await at.submit({ ...FORM, phone: ' ', company: '' }, clearing)
      const { phone: cleared, company: kept } = await at.read(id)
      assert.deepEqual([cleared, kept], [undefined, 'Acme'])
    })

    test('undo restores exactly what was not touched since', async () => {
      const place = await open()
      await using at = await desk(place)
      const { id } = await at.submit({ ...FORM, phone: '' })
      const before = await at.read(id)
      at.stage.clock.advance(120_000)
      const { submissionId } = await at.submit({ ...FORM, message: 'Again', company: 'Acme Ltd', stage: 'high' })
      assert.notDeepEqual(await at.read(id), before)
      await at.write(id, { company: 'Acme Group' })
      const plan = await planUndo(at.stage.delivering, submissionId)
      const [step, ...others] = (await plan?.carryOut()) ?? []
      assert.deepEqual(others, [])
      assert.ok(step?.state.kind === 'restorable', JSON.stringify(step?.state))
      const names = (list: readonly { readonly field: string }[]) => list.map(({ field }) => field).toSorted()
      const { notes, stage, phone, company } = place.fields
      assert.deepEqual(names(step.state.restore), [notes, stage, phone].toSorted())
      assert.deepEqual(names(step.state.changed), [company])
      assert.deepEqual(await at.read(id), { ...before, company: 'Acme Group' })
    })
  })
}
