import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import { run } from '../cli/terminal.ts'
import { type Enquirer, type EnquiryAnswers, enquirer } from '../support/enquiry-configuration.ts'
import { type EnquiryStage, enquiryStage } from '../support/enquiry-stage.ts'
import { eventually } from '../support/eventually.ts'
import { type TendedCrm, type Traits, tendedHubspot, tendedSalesforce, tendedSql } from './tended-crms.ts'

const ANSWERS: EnquiryAnswers = { phone: '+15550100', message: 'Please call', company: '', fax: '', code: 'silver' }

/** A contact that was there for years. */
const tended = ({ stages }: TendedCrm): Traits => ({
  name: 'By hand',
  stage: stages[2],
  phone: '+1 (555) 0199',
  notes: 'Met at the fair',
  company: 'Acme Ltd',
  fax: '555-0198',
  source: 'Fair',
  rank: 'gold',
})

/** One that has just begun. */
const begun = (crm: TendedCrm): Traits => ({
  ...tended(crm),
  stage: crm.stages[0],
  phone: null,
  notes: null,
  source: null,
})

const PEOPLE = {
  tended: enquirer('Tended', ANSWERS),
  lost: enquirer('Lostreply', ANSWERS),
  begun: enquirer('Begun', ANSWERS),
  resembled: enquirer('Resembled', { ...ANSWERS, company: 'Acme Ltd' }),
  fresh: enquirer('Fresh', { ...ANSWERS, company: 'New Ltd', fax: '555-0197' }),
}

/** Dates of entries, which are those of the submission. */
const dated = (notes: string | null | undefined) => notes?.replaceAll(/\[\d{4}-\d\d-\d\d \d\d:\d\d\]/gu, '[when]')

function mapping({ name, object, match, fields, stages, order }: TendedCrm): MappingFile {
  return {
    personal: ['full_name', 'email', 'phone', 'message'],
    records: [
      {
        id: 'contact',
        to: name,
        object,
        operation: 'upsert',
        match,
        fields: {
          [match]: { from: 'form.email' },
          [fields.name]: { from: 'form.full_name' },
          [fields.stage]: { value: stages[1], write: 'forward_only', ...(order && { order: [...order] }) },
          [fields.phone]: { from: 'form.phone', write: 'if_empty' },
          [fields.notes]: { from: 'form.message', write: 'append' },
          [fields.company]: { from: 'form.company' },
          [fields.fax]: { from: 'form.fax', clear: true },
          [fields.source]: { value: 'WhatsApp', write: 'create_only' },
          [fields.rank]: { from: 'form.code', write: 'never' },
        },
      },
    ],
  }
}

let crms: readonly TendedCrm[] = []
let stage: EnquiryStage
const lost = new Map<string, () => number>()

before(async () => {
  crms = await Promise.all([tendedHubspot(), tendedSalesforce(), tendedSql()])
  stage = await enquiryStage({
    destinations: Object.fromEntries(crms.map(({ name, destination }) => [name, destination])),
    env: Object.assign({}, ...crms.map(({ env }) => env)),
    mappings: Object.fromEntries(crms.map((crm) => [crm.name, mapping(crm)])),
  })
  const gateway = await stage.start('all')
  for (const crm of crms) {
    await crm.add(PEOPLE.tended, tended(crm))
    await crm.add(PEOPLE.lost, tended(crm))
    await crm.add(PEOPLE.begun, begun(crm))
    await crm.addResembling?.(PEOPLE.resembled, tended(crm))
    lost.set(crm.name, crm.loseReply(PEOPLE.lost))
    for (const { request } of Object.values(PEOPLE)) {
      const { status, answer } = await gateway.deviceFor(crm.name).exchange(request)
      assert.deepEqual([status, answer?.['screen']], [200, 'SUCCESS'])
    }
  }
  await eventually(async () => assert.deepEqual(await stage.undelivered(), []) ?? true, { withinMs: 60_000 })
})

after(async () => {
  await stage[Symbol.asyncDispose]()
  for (const crm of crms) await crm[Symbol.asyncDispose]()
})

async function only(crm: TendedCrm, person: Enquirer): Promise<Traits> {
  const [contact, ...others] = await crm.read(person)
  assert.ok(contact !== undefined && others.length === 0, `${crm.name} has ${others.length + 1} of ${person.name}`)
  return { ...contact, notes: dated(contact.notes) ?? null }
}

async function submissionOf(crm: TendedCrm, person: Enquirer): Promise<string> {
  const [found] = await stage.query<{ id: string }>(
    `select id from submissions where flow = $1 and form->>'full_name' = $2`,
    [crm.name, person.name],
  )
  return found?.id ?? 'none'
}

test('in Salesforce what people tend stays too where only a duplicate rule finds the record, which is found by its match from then on', async () => {
  const crm = crms.find(({ addResembling }) => addResembling !== undefined) ?? assert.fail('no CRM has such rules')
  const expected = { name: 'Resembled', notes: 'Met at the fair\n[when] Please call', fax: null }
  assert.deepEqual(await only(crm, PEOPLE.resembled), { ...tended(crm), ...expected })
  const undone = await run(['undo', await submissionOf(crm, PEOPLE.resembled), '--dry-run', '--json'], stage.env)
  const [record] = JSON.parse(undone.out).records
  const restored = record.restore.map(({ field }: { readonly field: string }) => field)
  assert.deepEqual(restored.sort(), [crm.match, crm.fields.notes, crm.fields.fax].sort())
})

for (const [index, name] of ['HubSpot', 'Salesforce', 'SQL'].entries()) {
  const crm = () => crms[index] ?? assert.fail(`${name} was not started`)

  describe(`in ${name}, through a real gateway,`, () => {
    test('what people tend stays: stage, phone, source and rank; notes are appended, and only `clear` empties a field', async () => {
      const expected = { name: 'Tended', notes: 'Met at the fair\n[when] Please call', fax: null }
      assert.deepEqual(await only(crm(), PEOPLE.tended), { ...tended(crm()), ...expected })
      const [attempt] = await stage.query<{ left: object }>(
        `select a.input->'left_out' as left from attempts a join deliveries d on d.id = a.delivery_id where d.submission_id = $1`,
        [await submissionOf(crm(), PEOPLE.tended)],
      )
      const { stage: step, phone, source } = crm().fields
      assert.deepEqual(attempt?.left, { [step]: 'not_forward', [phone]: 'not_empty', [source]: 'not_new' })
    })

    test('notes are appended once although the reply to the write is lost', async () => {
      assert.equal(lost.get(crm().name)?.(), 1)
      const expected = { name: 'Lostreply', notes: 'Met at the fair\n[when] Please call', fax: null }
      assert.deepEqual(await only(crm(), PEOPLE.lost), { ...tended(crm()), ...expected })
    })

    test('a stage goes forward, and what is blank is filled', async () => {
      const expected = {
        name: 'Begun',
        stage: crm().stages[1],
        phone: '+15550100',
        notes: '[when] Please call',
        fax: null,
      }
      assert.deepEqual(await only(crm(), PEOPLE.begun), { ...begun(crm()), ...expected })
    })

    test('a new contact gets everything but what is never written', async () => {
      assert.deepEqual(await only(crm(), PEOPLE.fresh), {
        name: 'Fresh',
        stage: crm().stages[1],
        phone: '+15550100',
        notes: '[when] Please call',
        company: 'New Ltd',
        fax: '555-0197',
        source: 'WhatsApp',
        rank: null,
      })
    })

    test('undo restores exactly what nobody has touched since', async () => {
      await crm().change(PEOPLE.tended, { name: 'By hand again' })
      const undone = await run(['undo', await submissionOf(crm(), PEOPLE.tended), '--yes', '--json'], stage.env)
      assert.equal(undone.code, 0, undone.err + undone.out)
      const [record] = JSON.parse(undone.out).records
      const named = (diffs: readonly { readonly field: string }[]) => diffs.map(({ field }) => field).sort()
      const { name: nameField, notes, fax } = crm().fields
      assert.deepEqual([named(record.restore), named(record.changed)], [[notes, fax].sort(), [nameField]])
      assert.deepEqual(await only(crm(), PEOPLE.tended), { ...tended(crm()), name: 'By hand again' })
    })

    test('undo restores a whole record: one whose write took two tries, and one whose stage must go back', async () => {
      for (const [person, stood] of [
        [PEOPLE.lost, tended(crm())],
        [PEOPLE.begun, begun(crm())],
      ] as const) {
        const { code, out, err } = await run(['undo', await submissionOf(crm(), person), '--yes'], stage.env)
        assert.equal(code, 0, err + out)
        assert.deepEqual(await only(crm(), person), stood, out)
      }
    })

    test('undo deletes nothing, and does nothing twice', async () => {
      const created = await run(['undo', await submissionOf(crm(), PEOPLE.fresh), '--yes'], stage.env)
      assert.match(created.out, /created by this submission: nothing is deleted/u)
      const twice = await run(['undo', await submissionOf(crm(), PEOPLE.lost), '--yes'], stage.env)
      assert.deepEqual([twice.code, /undone already/u.test(twice.out)], [0, true], twice.out)
      assert.equal((await only(crm(), PEOPLE.fresh)).name, 'Fresh')
    })
  })
}
