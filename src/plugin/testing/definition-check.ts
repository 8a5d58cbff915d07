import assert from 'node:assert/strict'
import type { Ability, Crm, Deliverer, PersonAddress } from '../definition.ts'
import type { AttachedFile, CrmRecord, Message, Recipient } from '../delivery.ts'
import type { ConformanceCheck } from './check.ts'
import { assertGuarded } from './guarded-settings.ts'
import { call, failureOf, type Trial } from './trial.ts'

/** What a definition says of its instances holds: `flowgate check` refuses configurations by it. */
export const definitionCheck: ConformanceCheck = {
  name: 'the definition says what the instance does',
  async run(trial) {
    const instance = await trial.configure(trial.stage.config)
    const sample = trial.stage.sample(0)
    await instance.deliver(sample, call('said'))
    assertGuarded(trial.plugin.configSchema, trial.stage.config, trial.fetched)
    if (isRecord(sample)) await assertAbilities(trial, instance, sample)
    else await assertPersons(trial, instance, sample)
    await instance.close()
  },
}

/** What an instance has for an ability. */
const METHODS: readonly (readonly [Ability, keyof Crm])[] = [
  ['find', 'find'],
  ['update', 'update'],
  ['owner', 'ownerOf'],
]

async function assertAbilities<Input, Config>(
  { plugin, stage }: Trial<Input, Config>,
  instance: Deliverer<Input>,
  sample: Input & CrmRecord,
): Promise<void> {
  const said = plugin.abilities?.(stage.config, sample.object)
  if (said === undefined) return
  const does: Readonly<Record<string, boolean>> = {
    [sample.operation]: true,
    find: stage.records !== undefined,
    update: stage.records?.canUpdate === true,
  }
  for (const ability of ['create', 'upsert', 'find', 'update'] as const) {
    if (does[ability]) assert.ok(said.includes(ability), `abilities lacks ${ability}, and it works. Add it.`)
  }
  for (const [ability, method] of METHODS) {
    const has = typeof Object(instance)[method] === 'function'
    assert.ok(
      has || !said.includes(ability),
      `abilities says ${ability}, and the instance has no ${method}. Leave it out.`,
    )
  }
  if (said.includes('files')) return
  const file: AttachedFile = {
    name: 'photo.jpg',
    mediaType: 'image/jpeg',
    read: async () => new Uint8Array([0xff, 0xd8, 0xff]),
  }
  const refused = await refusedBeforeWriting({ plugin, stage }, () =>
    instance.deliver({ ...sample, files: [file] }, call('with a file')),
  )
  assert.ok(refused, 'abilities says no files, and a record with one was not refused. Throw a permanent failure.')
}

const ADDRESSES: readonly (readonly [PersonAddress, Recipient])[] = [
  ['email', { kind: 'person', email: 'person@flowgate.example' }],
  ['phone', { kind: 'person', phone: '+34600000009' }],
]

async function assertPersons<Input, Config>(
  { plugin, stage }: Trial<Input, Config>,
  instance: Deliverer<Input>,
  sample: Input,
): Promise<void> {
  const { persons } = plugin
  if (persons === undefined) return
  for (const [by, recipient] of ADDRESSES) {
    const message: Input & Pick<Message, 'recipient'> = { ...sample, recipient }
    const tell = () => instance.deliver(message, call(`to a person by ${by}`))
    if (persons.includes(by)) {
      const before = stage.writes()
      await tell().catch(() => undefined)
      const written = stage.writes() - before
      assert.ok(
        written > 0,
        `persons says ${by}, and a message to a person by it never left. Send it, or leave ${by} out.`,
      )
      continue
    }
    const cure = `Add ${by} where the channel reaches people by it; else throw a permanent failure of scope record.`
    const refused = await refusedBeforeWriting({ plugin, stage }, tell)
    assert.ok(refused, `persons lacks ${by}, and a message to a person by it was not refused. ${cure}`)
  }
}

/** Whether a delivery is refused for good, for what it holds, and nothing of it was sent. */
async function refusedBeforeWriting<Input, Config>(
  { plugin, stage }: Pick<Trial<Input, Config>, 'plugin' | 'stage'>,
  deliver: () => Promise<unknown>,
): Promise<boolean> {
  const before = stage.writes()
  const error = await deliver().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  const failure = error === undefined ? undefined : failureOf(plugin, error)
  return failure?.kind === 'permanent' && failure.scope === 'record' && stage.writes() === before
}

function isRecord<Input>(input: Input): input is Input & CrmRecord {
  return typeof input === 'object' && input !== null && 'object' in input && 'fields' in input
}
