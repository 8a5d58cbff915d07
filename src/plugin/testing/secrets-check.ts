import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { type Failure, FailureError } from '../failure.ts'
import type { ConformanceCheck } from './check.ts'
import { call, failureOf, type Trial } from './trial.ts'

/** Nothing that people read of a plugin holds a credential or a person's answer. */
export const secretsCheck: ConformanceCheck = {
  name: 'no secret is printed',
  async run(trial) {
    await assertNothingPrinted(trial, () => trouble(trial))
  },
}

/** Fails where a secret stands in the texts that the action answers, in what it logs or in what the process prints. */
export async function assertNothingPrinted(
  { stage, logged }: { readonly stage: { readonly secrets: readonly string[] }; readonly logged: readonly string[] },
  action: () => Promise<string[]>,
): Promise<void> {
  const printed = await whilePrinting(action)
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
}

/** Goes through every kind of trouble and answers the texts of the failures. */
async function trouble<Input, Config>({ plugin, stage, configure }: Trial<Input, Config>): Promise<string[]> {
  const texts: string[] = []
  const good = await configure(stage.config)
  const bad = await configure(stage.refusedConfig)
  const hear = async (delivering: Promise<unknown>) => {
    await delivering.then(
      (answer) => texts.push(inspect(answer, { depth: 5 })),
      (error: unknown) => texts.push(...textsOf(plugin, error)),
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
  stage.limited?.(1)
  if (stage.limited !== undefined) await hear(good.deliver(stage.sample(4), call('printed-5')))
  await good.close()
  await bad.close()
  return texts
}

/** What people may read of an error: its failure, and the error itself where the gateway logs it. */
export function textsOf(plugin: { classify(error: unknown): Failure | undefined }, error: unknown): string[] {
  const failure = failureOf(plugin, error)
  const logged = failure === undefined || error instanceof FailureError
  return [...(failure ? [JSON.stringify(failure)] : []), ...(logged ? [inspect(error, { depth: 5 })] : [])]
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
