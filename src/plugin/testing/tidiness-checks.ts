import assert from 'node:assert/strict'
import type { ConformanceCheck } from './check.ts'
import { call, describe } from './trial.ts'

/** How an instance behaves between deliveries. */
export const tidinessChecks: readonly ConformanceCheck[] = [
  {
    name: 'health says no to refused credentials and writes nothing',
    async run(trial) {
      const { stage } = trial
      const good = await trial.configure(stage.config)
      const bad = await trial.configure(stage.refusedConfig)
      const yes = await good.health(call('health'))
      const no = await bad.health(call('health'))
      await good.close()
      await bad.close()
      const heard = yes.ok ? 'yes' : describe(yes.failure)
      assert.ok(yes.ok, `With working settings health said ${heard}. Ask the vendor only whether the credentials work.`)
      assert.ok(yes.account, 'health names no account. Say in Health.account whose account answered.')
      assert.ok(!no.ok, 'With refused credentials health said yes. Ask the vendor with them, and return its refusal.')
      const writes = stage.writes()
      assert.equal(writes, 0, `health made ${writes} write requests. Ask with a request that only reads.`)
    },
  },
  {
    name: 'closing twice is harmless',
    run: async (trial) => assertClosesTwice(await trial.configure(trial.stage.config)),
  },
]

/** Fails where the second close does. */
export async function assertClosesTwice(instance: { close(): Promise<void> }): Promise<void> {
  await instance.close()
  await instance.close().catch(() => {
    assert.fail('The second close failed. Let close do nothing when there is nothing left to close.')
  })
}
