import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import { checksFor, conformance, runCheck } from 'flowgate/plugin/testing'
import { brokenDefinitions } from './broken-definitions.ts'
import { blindSample, brokenSamples } from './broken-samples.ts'
import { post, type SampleHabits, samplePlugin } from './sample-plugin.ts'
import { sampleStage } from './sample-stage.ts'

const broken = [...brokenSamples, ...brokenDefinitions]

conformance({ name: 'sample', plugin: samplePlugin(), stage: () => sampleStage(true) })

for (const { fault, check, says, habits } of broken) {
  test(`a plugin that ${fault} fails "${check}" and nothing else`, async () => {
    const complaints = await complaintsAbout(habits, true)
    assert.deepEqual([...complaints.keys()], [check])
    assert.match(complaints.get(check) ?? '', says)
  })
}

test('every check of the kit for channels finds a plugin that is broken on purpose', () => {
  const found = new Set(broken.map(({ check }) => check))
  const checks = checksFor('notification')
  assert.deepEqual(
    checks.map(({ name }) => name).filter((name) => !found.has(name)),
    [],
  )
  assert.equal(checks.length, 17)
})

test('a stage with a part that `without` names, and one that lacks a part without saying so, fail every check', async () => {
  const plugin = samplePlugin()
  const [check] = checksFor('notification')
  assert.ok(check)
  const stage = () => sampleStage(true)
  await assert.rejects(runCheck(check, { plugin, stage, without: ['rate limits'] }), /has rate limits, and `without`/)
  const unlimited = async () => {
    const { limited: _, ...rest } = await sampleStage(true)
    return rest
  }
  await assert.rejects(runCheck(check, { plugin, stage: unlimited }), /no rate limits\. Give it that part, or name it/)
  await runCheck(check, { plugin, stage: unlimited, without: ['rate limits'] })
})

test('a part that there is not has no check', () => {
  const names = checksFor('crm', ['rate limits', 'look-up', 'updates', 'twins']).map(({ name }) => name)
  assert.equal(names.length, 15)
  assert.ok(!names.includes('a rate limit says how long'))
})

test('where the vendor cannot tell, a plugin that says unknown passes', async () => {
  const honest: SampleHabits = {
    instance: (config) => ({
      async deliver(message, call) {
        if (!call.uncertain || call.resend) return post(config, message, call)
        throw new FailureError({ kind: 'unknown', code: 'possibly_sent', message: 'It may have been sent.' })
      },
    }),
  }
  assert.deepEqual([...(await complaintsAbout(honest, false))], [])
})

test('where the vendor cannot tell, a plugin that sends again blindly fails', async () => {
  const complaints = await complaintsAbout(blindSample, false)
  assert.deepEqual([...complaints.keys()], ['the same delivery made twice leaves one', 'a lost reply leaves one'])
  for (const complaint of complaints.values()) assert.match(complaint, /throw a FailureError of kind unknown/)
})

/** What the kit says of a variant of the sample, by the check that says it. */
async function complaintsAbout(habits: SampleHabits, canTell: boolean): Promise<Map<string, string>> {
  const complaints = new Map<string, string>()
  for (const check of checksFor('notification')) {
    await runCheck(check, { plugin: samplePlugin(habits), stage: () => sampleStage(canTell) }).catch((error: Error) =>
      complaints.set(check.name, error.message),
    )
  }
  return complaints
}
