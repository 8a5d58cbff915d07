import type { FlowTest } from '../../config/schema/tests.ts'
import type { JsonObject } from '../../plugin/json.ts'
import { createAnswerCheck } from './answer-check.ts'
import type { Device } from './device.ts'
import type { TranscriptLine, Verdict } from './finding.ts'
import type { FlowOnPhone } from './flow-on-phone.ts'
import { newToken } from './variant-token.ts'
import { type Plan, walk } from './walk.ts'
import { playWireCheck, WIRE_CHECKS, type WireCheck } from './wire-checks.ts'

/** What can be played: four ways to walk a form, and five knocks that reach no screen. */
export type PathName = 'happy' | 'back' | 'double-tap' | 'resume' | WireCheck

type WalkName = Exclude<PathName, WireCheck>

const WALKS: readonly WalkName[] = ['happy', 'back', 'double-tap', 'resume']

export const PATHS: readonly PathName[] = [...WALKS, ...WIRE_CHECKS]

/** One person's way through the form. `about` is what the flow's token should say of them, where tokens can be minted. */
export interface Walk {
  readonly title: string
  /** A fresh plan for each time the walk is played. */
  plan(): Plan
  readonly about?: Pick<FlowTest, 'person' | 'source' | 'prefill' | 'language' | 'version'>
  /** The variant the person must be in, where the flow has any. */
  readonly variant?: string
  /** Another Flow JSON than that of the simulation: the one of the version the phone has. */
  readonly flow?: FlowOnPhone
  /** What the entry screen sends to go on where the form was left, where the flow offers that. */
  readonly offer?: JsonObject
  /** Screens that count refusals, and take a way out after some. */
  readonly counting?: ReadonlySet<string>
  /** Whether it can be left half-way and begun again: every screen is answered once, and rightly. */
  readonly straight?: boolean
  /** Why a running gateway cannot be expected to do what the plan says. */
  readonly skipped?: string
}

export interface SimulationSettings {
  readonly device: Device
  readonly flow: FlowOnPhone
  readonly walks: readonly Walk[]
  readonly paths: readonly PathName[]
  /** A flow token for one walk, or why there can be none. Default: a new one of a foreign sender, known to nobody. */
  readonly tokenFor?: (walk: Walk) => Promise<string | NoToken>
  /** Called as each check ends. */
  readonly onVerdict?: (verdict: Verdict) => void
}

/** Why a walk cannot be played with any token. */
export interface NoToken {
  readonly skipped: string
}

/** Plays Meta and a person's phone against one flow's URL. Rejects with a NoAnswer where nothing listens. */
export async function simulate(settings: SimulationSettings): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  const skipped = new Set<string>()
  for (const path of settings.paths) {
    const played = isWalk(path) ? await playWalks(path, settings, skipped) : await playWireCheck(path, settings.device)
    for (const verdict of played) settings.onVerdict?.(verdict)
    verdicts.push(...played)
  }
  return verdicts
}

function isWalk(path: PathName): path is WalkName {
  return WALKS.some((walk) => walk === path)
}

/** What is not played is told once, not on every path. */
async function playWalks(path: WalkName, settings: SimulationSettings, skipped: Set<string>): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const one of settings.walks) {
    if (skipped.has(one.title) || (path === 'resume' && one.straight === false)) continue
    const verdict = await playWalk(path, one, settings)
    if (verdict.skipped !== undefined) skipped.add(one.title)
    verdicts.push(verdict)
  }
  if (verdicts.length > 0 || settings.walks.every(({ title }) => skipped.has(title))) return verdicts
  const why = 'every test is refused on the way, goes back or opens the form again itself'
  return [{ check: path, title: 'opening a form again', findings: [], lines: [], skipped: why }]
}

async function playWalk(path: WalkName, one: Walk, settings: SimulationSettings): Promise<Verdict> {
  const lines: TranscriptLine[] = []
  const { device } = settings
  const flow = one.flow ?? settings.flow
  const nothing = { check: path, title: one.title, findings: [], lines }
  if (one.skipped !== undefined) return { ...nothing, skipped: one.skipped }
  const token = (await settings.tokenFor?.(one)) ?? newToken()
  if (typeof token !== 'string') return { ...nothing, skipped: token.skipped }
  const again = { plan: () => one.plan(), ...(one.offer === undefined ? {} : { offer: one.offer }) }
  const findings = await walk(
    {
      device,
      flow,
      check: createAnswerCheck(flow),
      token,
      doubleTap: path === 'double-tap',
      back: path === 'back',
      ...(path === 'resume' ? { again } : {}),
      ...(one.counting === undefined ? {} : { counting: one.counting }),
      line: (line) => lines.push(line),
    },
    one.plan(),
  )
  return { ...nothing, findings }
}
