import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runSourceCheck, sourceConformance, sourceConformanceChecks } from 'flowgate/plugin/testing'
import { brokenSources } from './broken-sources.ts'
import { type SampleSourceHabits, sampleSourcePlugin } from './sample-source-plugin.ts'
import { sampleSourceStage } from './sample-source-stage.ts'

sourceConformance({ name: 'sample source', plugin: sampleSourcePlugin(), stage: sampleSourceStage })

for (const { fault, check, says, habits } of brokenSources) {
  test(`a source that ${fault} fails "${check}" and nothing else`, async () => {
    const complaints = await complaintsAbout(habits)
    assert.deepEqual([...complaints.keys()], [check])
    assert.match(complaints.get(check) ?? '', says)
  })
}

test('every check of the kit for sources finds one that is broken on purpose', () => {
  const found = new Set(brokenSources.map(({ check }) => check))
  assert.deepEqual(
    sourceConformanceChecks.map(({ name }) => name).filter((name) => !found.has(name)),
    [],
  )
  assert.equal(sourceConformanceChecks.length, 21)
})

test('a stage that lacks a part, or has one that it is said to be without, fails every check', async () => {
  const plugin = sampleSourcePlugin()
  const [check] = sourceConformanceChecks
  assert.ok(check)
  const lacking = async () => {
    const { reservations: _, ...stage } = await sampleSourceStage()
    return stage
  }
  await assert.rejects(runSourceCheck(check, { plugin, stage: lacking }), /The stage has no reservations/)
  await runSourceCheck(check, { plugin, stage: lacking, without: ['reservations'] })
  await assert.rejects(
    runSourceCheck(check, { plugin, stage: sampleSourceStage, without: ['rate limits'] }),
    /The stage has rate limits, and `without` says no/,
  )
})

/** What the kit says of a variant of the sample, by the check that says it. */
async function complaintsAbout(habits: SampleSourceHabits): Promise<Map<string, string>> {
  const complaints = new Map<string, string>()
  for (const check of sourceConformanceChecks) {
    await runSourceCheck(check, { plugin: sampleSourcePlugin(habits), stage: sampleSourceStage }).catch(
      (error: Error) => complaints.set(check.name, error.message),
    )
  }
  return complaints
}
