import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import type { Call, Message, Owner, RecordLink } from '../../src/plugin/delivery.ts'
import { type Failure, FailureError } from '../../src/plugin/failure.ts'
import { readDestination } from '../../src/store/destinations.ts'
import { leadMappingFile, mappingOf } from '../support/flow.ts'
import { type DeliveryStage, deliveryStage } from './delivery-stage.ts'
import { doDue } from './let-pass.ts'
import { limited, rejected, revoked, ScriptedVendor, unavailable } from './scripted-vendor.ts'

const ana: Owner = { id: '7', email: 'ana@acme.com', name: 'Ana' }

/** A CRM whose records have owners. */
class OwningVendor extends ScriptedVendor {
  readonly asked: RecordLink[] = []
  readonly #answers: (Owner | null | Failure | 'silence')[] = []

  owners(...answers: (Owner | null | Failure | 'silence')[]): void {
    this.#answers.push(...answers)
  }

  async ownerOf(record: RecordLink, { signal }: Call): Promise<Owner | null> {
    this.asked.push(record)
    const answer = this.#answers.shift() ?? null
    if (answer === 'silence') {
      return await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }
    if (answer !== null && 'kind' in answer) throw new FailureError(answer)
    return answer
  }
}

const [contact] = leadMappingFile.records ?? []
assert.ok(contact !== undefined)

/** A contact, and a message to whoever owns it. */
const file: MappingFile = {
  ...leadMappingFile,
  records: [contact],
  notifications: [
    { id: 'tell', to: 'chat', title: 'New lead', recipient: { owner_of: 'contact', default: 'everyone' } },
  ],
}

/** A stage with that mapping, and one contact delivered; gives the message's id. */
async function delivered(stage: DeliveryStage): Promise<string> {
  const { contact: id, tell = '' } = await stage.submit(undefined, mappingOf(file))
  await stage.attempt(id)
  return tell
}

async function owningStage() {
  const crm = new OwningVendor('crm')
  const config = { vendor: crm }
  const stage = await deliveryStage({ destinations: { crm: { config } } })
  const hasten = () => stage.configure({ destinations: { crm: { config, answerWithinMs: 50 } } })
  return { stage, crm, hasten, [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose]() }
}

/** Whom the messages so far were for. */
function recipients({ chat }: DeliveryStage): readonly unknown[] {
  return chat.calls.map(({ input }) => (input as Message).recipient)
}

const everyone = { kind: 'named', name: 'everyone' }

test('a message for the owner of a record waits for the record and goes to whom the CRM names', async () => {
  await using at = await owningStage()
  const { stage, crm } = at
  crm.owners(ana)
  const tell = await delivered(stage)
  await stage.attempt(tell)
  assert.deepEqual(crm.asked, [{ object: 'contacts', id: 'crm-1' }])
  assert.deepEqual(recipients(stage), [{ kind: 'owner', owner: ana, otherwise: 'everyone' }])
})

test('where nobody owns the record, or nobody can tell who does, others are told at once', async () => {
  // The last one has no requests left for today.
  for (const answer of [null, rejected, revoked, limited(36_000)]) {
    await using at = await owningStage()
    at.crm.owners(answer)
    await at.stage.attempt(await delivered(at.stage))
    assert.deepEqual(recipients(at.stage), [everyone])
  }
})

test('a CRM that knows no owners holds no message up', async () => {
  await using stage = await deliveryStage()
  const tell = await delivered(stage)
  await stage.attempt(tell)
  assert.deepEqual(recipients(stage), [everyone])
  assert.ok(
    stage.lines.some((line) => line.includes('owner.unknown') && line.includes('FG_DELIVERY_OWNER_UNSUPPORTED')),
  )
})

test('a CRM that cannot be asked now postpones the message and troubles nobody else', async () => {
  await using at = await owningStage()
  const { stage, crm } = at
  crm.owners(unavailable, limited(90), ana)
  const tell = await delivered(stage)
  await stage.attempt(tell)
  const first = await stage.delivery(tell)
  assert.deepEqual([first.state, first.counted, first.failure?.code], ['pending', 1, 'UNAVAILABLE'])
  const since = stage.clock.now().getTime()
  await stage.attemptWhenDue(tell)
  const second = await stage.delivery(tell)
  assert.equal((second.nextAttemptAt?.getTime() ?? 0) - since, 2_000 + 90_000)
  await stage.attemptWhenDue(tell)
  assert.deepEqual(recipients(stage), [{ kind: 'owner', owner: ana, otherwise: 'everyone' }])
  assert.equal(stage.chat.calls[0]?.call.uncertain, false, 'nobody was told before')
  for (const name of ['chat', 'crm']) assert.equal((await readDestination(stage.pool, name)).failuresInRow, 0)
})

test('after a quarter of an hour of that others are told', async () => {
  await using at = await owningStage()
  const { stage, crm } = at
  crm.owners(...Array.from({ length: 20 }, () => unavailable))
  const tell = await delivered(stage)
  const since = stage.clock.now().getTime()
  for (let attempt = 1; attempt <= 6; attempt += 1) await stage.attemptWhenDue(tell)
  assert.deepEqual(recipients(stage), [everyone])
  assert.ok(stage.clock.now().getTime() - since < 15 * 60_000)
})

test('a CRM that says nothing is waited for no longer than its deadline, and the message has its own time', async () => {
  await using at = await owningStage()
  const { stage, crm } = at
  crm.owners('silence')
  const tell = await delivered(stage)
  at.hasten()
  await stage.attempt(tell)
  const { state, failure } = await stage.delivery(tell)
  assert.deepEqual([state, failure?.code, stage.chat.calls.length], ['pending', 'FG_DELIVERY_DEADLINE', 0])
})

test('a late message for the owner of a record that is not there goes to others, and the whole one to the owner', async () => {
  await using at = await owningStage()
  const { stage, crm } = at
  const { contact: id, tell } = await stage.submit(undefined, mappingOf(file))
  stage.clock.advance(15 * 60_000)
  await stage.sweep()
  await stage.attempt(tell)
  assert.deepEqual([recipients(stage), crm.asked.length], [[everyone], 0])
  crm.owners(ana)
  await stage.attempt(id)
  await doDue(stage)
  assert.deepEqual(recipients(stage), [everyone, { kind: 'owner', owner: ana, otherwise: 'everyone' }])
  const { completes } = (stage.chat.calls[1] ?? assert.fail()).input as Message
  assert.equal(completes?.id, 'chat-1')
})
