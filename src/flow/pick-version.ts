import type { Known } from './begin-session.ts'
import type { Flow } from './model.ts'
import type { FlowRequest } from './request.ts'

/** One version of a flow, with whatever belongs to it. */
interface Versioned {
  readonly flow: Flow
}

/** A flow's live versions; `newest` is one of them. */
export interface Versions<Version extends Versioned> {
  readonly newest: Version
  readonly all: ReadonlyMap<string, Version>
}

/**
 * Which version answers. `undecided`: nothing has told which one the phone has, so the answer must be valid in `others`
 * too. `unknown`: a version was named that is not configured (any more).
 */
export type PickedVersion<Version> =
  | { readonly kind: 'decided'; readonly version: Version }
  | { readonly kind: 'undecided'; readonly version: Version; readonly others: readonly Version[] }
  | { readonly kind: 'unknown'; readonly name: string }

/** Picks by the open session, else the token, else the version key of the payload; a flow with one version needs none. */
export function pickVersion<Version extends Versioned>(
  versions: Versions<Version>,
  known: Known,
  request: FlowRequest,
  now: Date,
): PickedVersion<Version> {
  const ofRun = runVersion(versions, known, request, now)
  const named = ofRun ?? known.binding?.version ?? sentVersion(versions, request)
  if (named !== undefined) {
    const version = versions.all.get(named)
    return version === undefined ? { kind: 'unknown', name: named.slice(0, 64) } : { kind: 'decided', version }
  }
  const live = [...versions.all.values()]
  if (live.length === 1) return { kind: 'decided', version: versions.newest }
  const fitting = request.action === 'INIT' ? live : live.filter((each) => couldSend(each, request))
  const version = fitting.includes(versions.newest) ? versions.newest : (fitting.at(-1) ?? versions.newest)
  return { kind: 'undecided', version, others: fitting.filter((each) => each !== version) }
}

/**
 * A run that is over or has lapsed says nothing of the phone that opens the form again. One that is over goes on to repeat
 * its answer in its own version, while that is alive.
 */
function runVersion<Version extends Versioned>(
  { all }: Versions<Version>,
  { session }: Known,
  { action }: FlowRequest,
  now: Date,
): string | undefined {
  if (session?.version === undefined) return undefined
  if (session.submissionId === undefined) return session.expiresAt > now ? session.version : undefined
  return action !== 'INIT' && all.has(session.version) ? session.version : undefined
}

/** The key's name is a matter of each version; the newest one's is looked for first. */
function sentVersion<Version extends Versioned>(
  { newest, all }: Versions<Version>,
  { data }: FlowRequest,
): string | undefined {
  for (const { flow } of [newest, ...all.values()]) {
    const sent = Object.hasOwn(data, flow.versionKey) ? data[flow.versionKey] : undefined
    if (typeof sent === 'string' && sent !== '') return sent
    if (typeof sent === 'number') return String(sent)
  }
  return undefined
}

/** Whether this version's Flow JSON has the screen a request comes from. */
function couldSend({ flow }: Versioned, { screen }: FlowRequest): boolean {
  return flow.flowJson.screens.has(screen)
}
