import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checksFor, conformance, runCheck } from 'flowgate/plugin/testing'
import { type BrokenCrm, brokenCrms } from './broken-crms.ts'
import { sampleCrmPlugin } from './sample-crm.ts'
import { sampleCrmStage } from './sample-crm-stage.ts'

conformance({ name: 'sample CRM', plugin: sampleCrmPlugin(), stage: sampleCrmStage })

for (const broken of brokenCrms) {
  const { fault, check, says } = broken
  test(`a CRM that ${fault} fails "${check}" and nothing else`, async () => {
    const complaints = await complaintsAbout(broken)
    assert.deepEqual([...complaints.keys()], [check])
    assert.match(complaints.get(check) ?? '', says)
  })
}

test('every check of the kit about records finds a CRM that is broken on purpose', () => {
  const found = new Set(brokenCrms.map(({ check }) => check))
  const checks = checksFor('crm').filter(({ kind }) => kind === 'crm')
  assert.deepEqual(
    checks.map(({ name }) => name).filter((name) => !found.has(name)),
    [],
  )
  assert.equal(checks.length, 7)
})

/** What the kit says of a variant of the sample CRM, by the check that says it. */
async function complaintsAbout({
  habits,
  abilities,
}: Pick<BrokenCrm, 'habits' | 'abilities'>): Promise<Map<string, string>> {
  const complaints = new Map<string, string>()
  for (const check of checksFor('crm')) {
    await runCheck(check, { plugin: sampleCrmPlugin(habits, abilities), stage: sampleCrmStage }).catch((error: Error) =>
      complaints.set(check.name, error.message),
    )
  }
  return complaints
}
