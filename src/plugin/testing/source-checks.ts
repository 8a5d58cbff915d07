import { inspect } from 'node:util'
import { assertGuarded } from './guarded-settings.ts'
import { assertManifest } from './manifest-check.ts'
import { assertNothingPrinted, textsOf } from './secrets-check.ts'
import { answerChecks } from './source-answer-checks.ts'
import { sourceFailureChecks } from './source-failure-checks.ts'
import { reservationChecks } from './source-reservation-checks.ts'
import { read, type SourceConformanceCheck, type SourceTrial } from './source-trial.ts'
import { assertClosesTwice } from './tidiness-checks.ts'
import { call } from './trial.ts'

/** Every check of the kit for sources, in the order in which they are best repaired. */
export const sourceConformanceChecks: readonly SourceConformanceCheck[] = [
  {
    name: 'the manifest is complete',
    run: async ({ plugin, stage }) => assertManifest(plugin, stage, ['source']),
  },
  {
    name: 'the settings say which addresses are asked',
    async run({ plugin, stage, fetched, configure }) {
      const source = await configure(stage.config)
      await read(source, stage.known(0))
      await source.close()
      assertGuarded(plugin.configSchema, stage.config, fetched)
    },
  },
  ...answerChecks,
  ...sourceFailureChecks,
  ...reservationChecks,
  {
    name: 'closing twice is harmless',
    run: async (trial) => assertClosesTwice(await trial.configure(trial.stage.config)),
  },
  {
    name: 'no secret is printed',
    run: async (trial) => assertNothingPrinted(trial, () => troubleTexts(trial)),
  },
]

/** Goes through every kind of trouble the stage has. Answers may hold what is personal, so only failures and health are told. */
async function troubleTexts<Config>({ plugin, stage, configure }: SourceTrial<Config>): Promise<string[]> {
  const texts: string[] = []
  const hear = async (asking: Promise<unknown>) => {
    await asking.catch((error: unknown) => texts.push(...textsOf(plugin, error)))
  }
  const good = await configure(stage.config)
  texts.push(inspect(await good.health(call('printed')), { depth: 5 }))
  await hear(read(good, stage.known(0)))
  await hear(read(good, stage.nothing))
  await hear(read(good, { ...stage.known(0), query: 'no_query_of_that_name' }))
  await hear(read(good, { ...stage.known(0), parameters: {} }))
  if (stage.refusedConfig !== undefined) {
    const bad = await configure(stage.refusedConfig)
    await hear(bad.health(call('printed')).then((health) => texts.push(inspect(health, { depth: 5 }))))
    await hear(read(bad, stage.known(1)))
    await bad.close()
  }
  const things = stage.reservations
  if (things !== undefined) {
    const reserve = async (index: number, key: string) =>
      good.reserve?.(things.reserve, things.parameters(index), call(key))
    await hear(reserve(0, 'printed-1'))
    await hear(reserve(0, 'printed-2'))
    await things.loseReply()
    await hear(reserve(1, 'printed-3'))
  }
  await stage.trouble?.unavailable()
  if (stage.trouble !== undefined) await hear(read(good, stage.known(2)))
  await stage.trouble?.limited?.(1)
  if (stage.trouble?.limited !== undefined) await hear(read(good, stage.known(3)))
  await good.close()
  return texts
}
