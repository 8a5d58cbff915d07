import type { DeliveryStage } from './delivery-stage.ts'

/** Lets time pass on a stage: after each step it sweeps, then does every job that is due, as workers do. */
export async function letPass(
  stage: DeliveryStage,
  { minutes, stepMs = 10_000 }: { minutes: number; stepMs?: number },
) {
  for (let passed = 0; passed < minutes * 60_000; passed += stepMs) {
    stage.clock.advance(stepMs)
    await stage.sweep()
    await doDue(stage)
  }
}

/** Attempts whatever has a job and is due, and what becomes due by that, until nothing is. */
export async function doDue(stage: DeliveryStage): Promise<void> {
  for (let ended = 1; ended > 0; ) {
    ended = 0
    for (const id of await due(stage)) if ((await stage.attempt(id)) === 'ended') ended += 1
  }
}

async function due({ pool, clock }: DeliveryStage): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from deliveries where state = 'pending' and hinted_at is not null and next_attempt_at <= $1
       and (leased_until is null or leased_until <= $1) order by replayed, next_attempt_at, id`,
    [clock.now()],
  )
  return rows.map(({ id }) => id)
}
