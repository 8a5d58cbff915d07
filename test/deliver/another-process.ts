import { attemptDelivery, type JobResult } from '../../src/deliver/attempt.ts'
import type { Delivering } from '../../src/deliver/delivering.ts'
import { createSweeper } from '../../src/deliver/sweeper.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { allowHosts, configurationOf, type DeliveryStage, pluginFolder, type StageChanges } from './delivery-stage.ts'

/** A worker on the database of a stage, started with a configuration of its own. */
export interface AnotherProcess extends AsyncDisposable {
  readonly delivering: Delivering
  /** Does what it does about once a second. */
  sweep(): Promise<void>
  attempt(deliveryId: string | undefined): Promise<JobResult>
}

/** Starts one with these destinations. */
export function anotherProcess(
  stage: DeliveryStage,
  destinations: NonNullable<StageChanges['destinations']>,
): AnotherProcess {
  const inForce = configurationOf(destinations)
  const configuration = () => inForce
  const { clock, log } = stage.delivering
  const registry = createRegistry({ configuration, configurationFolder: pluginFolder, allowHosts, log, clock })
  const delivering: Delivering = { ...stage.delivering, configuration, registry, worker: 'prc_another' }
  const going = new AbortController().signal
  const sweeper = createSweeper(delivering, going)
  return {
    delivering,
    async sweep() {
      stage.clock.advance(1)
      await sweeper.sweep()
      await sweeper.askPaused()
    },
    attempt: (id = '') => attemptDelivery(delivering, id, going),
    [Symbol.asyncDispose]: () => registry.close(),
  }
}
