import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Value } from 'typebox/value'
import { parse } from 'yaml'
import { createAnswerCheck } from '../../src/cli/simulator/answer-check.ts'
import { createDevice, type Device } from '../../src/cli/simulator/device.ts'
import { readFlowOnPhone } from '../../src/cli/simulator/flow-on-phone.ts'
import { planFromSteps } from '../../src/cli/simulator/plan.ts'
import { createTokenDesk } from '../../src/cli/simulator/token-desk.ts'
import { transcriptLine } from '../../src/cli/simulator/transcript.ts'
import { walk } from '../../src/cli/simulator/walk.ts'
import { type FlowTest, TestsFileSchema } from '../../src/config/schema/tests.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import { CONFIG, type World } from './world.ts'

const FLOW = join(CONFIG, 'flows', 'lead-gen')

/** What one person's run came to: the final answer, and when the button that sent the form was pressed. */
export interface Submitted {
  readonly answer: JsonObject
  readonly token: string
  readonly pressedAt: number
}

/** The first of the operator's own tests that ends with a finished form and names a deal. */
export function chooseTest(): FlowTest {
  const file: unknown = parse(readFileSync(join(FLOW, 'tests.yaml'), 'utf8'))
  if (!Value.Check(TestsFileSchema, file))
    throw new Error('config/flows/lead-gen/tests.yaml is not right: run "flowgate check".')
  const test = file.tests.find(({ steps, expect }) => steps.at(-1)?.then === 'submitted' && expect?.['deal'])
  if (!test) throw new Error('config/flows/lead-gen/tests.yaml has no test that submits a form and expects a deal.')
  return test
}

/** Mints a token for the person, then walks the form as a phone does, printing every exchange. Rejects on any finding. */
export async function submit(world: World, test: FlowTest, print: (line: string) => void): Promise<Submitted> {
  const url = `${world.gateway.url}/flows/lead-gen`
  const plan = () => planFromSteps(test.steps)
  const token = await createTokenDesk(url, 'lead-gen', world.apiToken)({ title: test.name, plan, about: test })
  const phone = createDevice({
    url,
    publicKey: world.publicKey,
    appSecret: world.appSecret,
  })
  let last: { answer: JsonObject | undefined; pressedAt: number } | undefined
  const device: Device = {
    async exchange(payload) {
      const pressedAt = performance.now()
      const exchanged = await phone.exchange(payload)
      last = { answer: exchanged.answer, pressedAt }
      return exchanged
    },
  }
  const flow = readFlowOnPhone(JSON.parse(readFileSync(join(FLOW, 'flow.json'), 'utf8')))
  const line = (one: Parameters<typeof transcriptLine>[0]) => print(transcriptLine(one))
  const settings = { device, flow, check: createAnswerCheck(flow), token, doubleTap: false, back: false, line }
  const findings = await walk(settings, plan())
  if (findings.length > 0) throw new Error(findings.map(({ kind, message }) => `${kind}: ${message}`).join('\n'))
  if (last?.answer?.['screen'] !== 'SUCCESS') throw new Error('The form was walked to its end and not submitted.')
  return { answer: last.answer, token, pressedAt: last.pressedAt }
}
