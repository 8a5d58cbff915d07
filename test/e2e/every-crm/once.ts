import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { MappingFile } from '../../../src/config/schema/mapping.ts'
import type { RecordFile } from '../../../src/config/schema/record.ts'
import { type Enquirer, enquirer } from '../../support/enquiry-configuration.ts'
import { type EnquiryStage, enquiryStage, SALES } from '../../support/enquiry-stage.ts'
import { eventually } from '../../support/eventually.ts'
import type { GatewayProcess } from '../../support/gateway-process.ts'
import type { Came, OnceCrm, Trouble } from './once-crm.ts'

const FLOW = 'enquiry'
const TIMES = 20
const MESSAGE = 'POST /api/chat.postMessage'
const PATIENCE = { withinMs: 60_000 }

/**
 * Registers what holds for a CRM through real gateways: identical submissions leave one contact, one deal linked to it and
 * one message with the contact's link, whatever goes wrong, and also where the workers are killed in the middle of writes.
 */
export function onceTests<World extends AsyncDisposable>(crm: OnceCrm<World>): void {
  describe(`${crm.name}: ${TIMES} identical submissions at once, through two gateways on one database,`, () => {
    let world: World
    let stage: EnquiryStage
    let gateways: readonly GatewayProcess[] = []
    const came = new Map<string, Came>()

    before(async () => {
      world = await crm.start()
      const { crm: destination, env } = crm.destination(world)
      stage = await enquiryStage({
        destinations: { crm: destination },
        env,
        mappings: { [FLOW]: mapping(crm.records) },
      })
      gateways = await Promise.all([stage.start('all'), stage.start('all')])
      for (const trouble of crm.troubles) {
        const counted = await trouble.arrange?.(world, enquirer(trouble.name))
        if (counted !== undefined) came.set(trouble.name, counted)
      }
      came.set('Messagelost', holdMessage('Messagelost', 'lose-after'))
    })
    after(async () => {
      await stage[Symbol.asyncDispose]()
      await world[Symbol.asyncDispose]()
    })

    const holdMessage = (name: string, kind: 'lose-after' | 'hang-after'): Came => {
      const when = ({ bytes }: { readonly bytes: Buffer }) => bytes.toString().includes(name)
      const fault = stage.slack.standIn.misbehave({ route: MESSAGE, fault: { kind }, times: 1, when })
      return () => fault.struck
    }

    const press = async (person: Enquirer, times: number): Promise<void> => {
      const requests = Array.from({ length: times }, async (_, index) => {
        const reply = await gateways[index % gateways.length]?.deviceFor(FLOW).exchange(person.request)
        assert.equal(reply?.status, 200)
        return reply?.answer
      })
      for (const answer of await Promise.all(requests)) assert.equal(answer?.['screen'], 'SUCCESS')
    }

    /** Fails with what became of the deliveries, which says more than what is missing. */
    const isWhole = async (person: Enquirer): Promise<true> => {
      const { contacts, deals, links } = await crm.left(world, person)
      const messages = stage.messages(person)
      const found = { contacts: contacts.length, deals: deals.length, links, messages: messages.length }
      const once = { contacts: 1, deals: 1, links: [`${deals[0]}>${contacts[0]}`], messages: 1 }
      assert.deepEqual(
        found,
        once,
        `${person.name}; not delivered: ${(await stage.undelivered()).join(' | ') || 'none'}`,
      )
      assert.ok(messages[0]?.includes(crm.pathOf(contacts[0] ?? '')), `the message has no link: ${messages[0]}`)
      return true
    }

    const allDelivered = async (): Promise<true> => {
      assert.deepEqual(await stage.undelivered(), [])
      return true
    }

    const troubles: readonly Trouble<World>[] = [
      { name: 'Untroubled', what: 'all vendors are well' },
      ...crm.troubles,
      { name: 'Messagelost', what: 'the reply to the message is lost' },
    ]

    test('are answered alike, for all these people at the same time', async () => {
      const all = troubles.map(async ({ name, meanwhile }) => {
        await press(enquirer(name), TIMES)
        await meanwhile?.(world, enquirer(name), stage)
      })
      await Promise.all(all)
    })

    for (const { name, what } of troubles) {
      test(`leave one contact, one deal linked to it and one message while ${what}`, async () => {
        await eventually(() => isWhole(enquirer(name)), PATIENCE)
      })
    }

    test('and nothing follows once all is delivered', async () => {
      await eventually(allDelivered, PATIENCE)
      for (const { name } of troubles) await isWhole(enquirer(name))
      for (const [name, times] of came) assert.equal(await times(), 1, `${name} did not come once`)
      const { contacts, deals, links } = await crm.left(world)
      const people = troubles.length
      assert.deepEqual([contacts.length, deals.length, links.length], [people, people, people])
    })

    test('are made once also where all workers are killed after the vendors took what they know nothing of', async () => {
      const holding = new Map<string, Came>()
      for (const trouble of crm.held) {
        const counted = await trouble.arrange?.(world, enquirer(trouble.name))
        if (counted !== undefined) holding.set(trouble.name, counted)
      }
      holding.set('Messageheld', holdMessage('Messageheld', 'hang-after'))
      const people = [...holding.keys()].map((name) => enquirer(name))
      await Promise.all(people.map((person) => press(person, 2)))
      await eventually(async () => {
        for (const [name, times] of holding) assert.equal(await times(), 1, name)
        return true
      })
      await stage.killAll()
      gateways = [await stage.start('all')]
      for (const person of people) await eventually(() => isWhole(person), PATIENCE)
      await eventually(allDelivered, PATIENCE)
      for (const person of people) await isWhole(person)
      const open = await stage.query<{ n: number }>('select count(*)::int as n from attempts where ended_at is null')
      assert.deepEqual(open, [{ n: 0 }])
    })
  })
}

function mapping(records: readonly RecordFile[]): MappingFile {
  return {
    personal: ['full_name', 'email'],
    records: [...records],
    notifications: [
      {
        id: 'tell-sales',
        to: SALES,
        after: ['contact'],
        title: 'New: {form.full_name}',
        link: { label: 'Open', url: '{records.contact.url}' },
      },
    ],
  }
}
