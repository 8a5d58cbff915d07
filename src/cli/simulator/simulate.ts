import { randomUUID } from 'node:crypto'
import type { FlowTest } from '../../config/schema/tests.ts'
import { createAnswerCheck } from './answer-check.ts'
import type { Device } from './device.ts'
import type { TranscriptLine, Verdict } from './finding.ts'
import type { FlowOnPhone } from './flow-on-phone.ts'
import { type Plan, walk } from './walk.ts'
import { playWireCheck, WIRE_CHECKS, type WireCheck } from './wire-checks.ts'

/** What can be played: three ways to walk a form, and five knocks that reach no screen. */
export type PathName = 'happy' | 'back' | 'double-tap' | WireCheck

export const PATHS: readonly PathName[] = ['happy', 'back', 'double-tap', ...WIRE_CHECKS]

/** One person's way through the form. `about` is what the flow's token should say of them, where tokens can be minted. */
export interface Walk {
  readonly title: string
  /** A fresh plan for each time the walk is played. */
  plan(): Plan
  readonly about?: Pick<FlowTest, 'person' | 'source' | 'prefill'>
}

export interface SimulationSettings {
  readonly device: Device
  readonly flow: FlowOnPhone
  readonly walks: readonly Walk[]
  readonly paths: readonly PathName[]
  /** A flow token for one walk. Default: a new one of a foreign sender, known to nobody. */
  readonly tokenFor?: (walk: Walk) => Promise<string>
  /** Called as each check ends. */
  readonly onVerdict?: (verdict: Verdict) => void
}

/** Plays Meta and a person's phone against one flow's URL. Rejects with a NoAnswer where nothing listens. */
export async function simulate(settings: SimulationSettings): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  for (const path of settings.paths) {
    const isWireCheck = (WIRE_CHECKS as readonly string[]).includes(path)
    const played = isWireCheck
      ? await playWireCheck(path as WireCheck, settings.device)
      : await playWalks(path as Exclude<PathName, WireCheck>, settings)
    for (const verdict of played) settings.onVerdict?.(verdict)
    verdicts.push(...played)
  }
  return verdicts
}

async function playWalks(path: Exclude<PathName, WireCheck>, settings: SimulationSettings): Promise<Verdict[]> {
  const { device, flow } = settings
  if (path === 'back' && ![...flow.screens.values()].some((screen) => screen.refreshOnBack)) {
    const text = 'no screen has refresh_on_back, so phones never ask'
    return [{ check: path, title: 'going back', findings: [], lines: [{ arrow: '·', text }] }]
  }
  const check = createAnswerCheck(flow)
  const verdicts: Verdict[] = []
  for (const one of settings.walks) {
    const lines: TranscriptLine[] = []
    const token = (await settings.tokenFor?.(one)) ?? `simulated-${randomUUID()}`
    const ways = { doubleTap: path === 'double-tap', back: path === 'back' }
    const findings = await walk({ device, flow, check, token, ...ways, line: (line) => lines.push(line) }, one.plan())
    verdicts.push({ check: path, title: one.title, findings, lines })
  }
  return verdicts
}
