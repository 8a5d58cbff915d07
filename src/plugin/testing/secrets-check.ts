import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { FailureError } from '../failure.ts'
import type { ConformanceCheck } from './check.ts'
import { call, failureOf, type Trial } from './trial.ts'

/** Nothing that people read of a plugin holds a credential or a person's answer. */
export const secretsCheck: ConformanceCheck = {
  name: 'no secret is printed',
  async run(trial) {
    const { stage, logged } = trial
    const printed = await whilePrinting(() => trouble(trial))
    const places: readonly [string, readonly string[]][] = [
      ['a failure', printed.result],
      ['a log line', logged],
      ['the console', printed.lines],
    ]
    for (const [place, texts] of places) {
      const leaked = stage.secrets.filter((secret) => texts.some((text) => text.includes(secret)))
      const cure = "Build messages from the vendor's codes and your own words, and log ids only."
      assert.equal(leaked.length, 0, `${leaked.length} secret or personal values appear in ${place}. ${cure}`)
    }
  },
}

/** Goes through every kind of trouble and answers the texts of the failures. */
async function trouble<Input, Config>({ plugin, stage, configure }: Trial<Input, Config>): Promise<string[]> {
  const texts: string[] = []
  const good = await configure(stage.config)
  const bad = await configure(stage.refusedConfig)
  const hear = async (delivering: Promise<unknown>) => {
    await delivering.then(
      (answer) => texts.push(inspect(answer, { depth: 5 })),
      (error: unknown) => {
        const failure = failureOf(plugin, error)
        if (failure) texts.push(JSON.stringify(failure))
        if (!failure || error instanceof FailureError) texts.push(inspect(error, { depth: 5 }))
      },
    )
  }
  await hear(good.health(call('printed')))
  await hear(good.deliver(stage.sample(0), call('printed-0')))
  await hear(good.deliver(stage.unacceptable, call('printed-1')))
  await hear(bad.health(call('printed')))
  await hear(bad.deliver(stage.sample(1), call('printed-2')))
  stage.loseReply()
  await hear(good.deliver(stage.sample(2), call('printed-3')))
  stage.unavailable()
  await hear(good.deliver(stage.sample(3), call('printed-4')))
  stage.limited(1)
  await hear(good.deliver(stage.sample(4), call('printed-5')))
  await good.close()
  await bad.close()
  return texts
}

/** Runs an action and keeps what the process prints meanwhile; it is still printed. */
async function whilePrinting<T>(action: () => Promise<T>): Promise<{ result: T; lines: string[] }> {
  const lines: string[] = []
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }))
  for (const { stream, write } of streams) {
    stream.write = new Proxy(write, {
      apply(target, self, parts: unknown[]) {
        lines.push(String(parts[0]))
        return Reflect.apply(target, self, parts)
      },
    })
  }
  try {
    return { result: await action(), lines }
  } finally {
    for (const { stream, write } of streams) stream.write = write
  }
}
