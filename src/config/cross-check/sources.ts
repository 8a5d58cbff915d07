import type { Query } from '../../plugin/definition.ts'
import { didYouMean, nearest } from '../../value/nearest.ts'
import type { Path, Report } from '../issue.ts'
import type { AskFile } from '../schema/ask.ts'
import type { ReserveFile } from '../schema/flow.ts'
import type { DestinationKinds } from './destinations.ts'
import type { FlowParts } from './parts.ts'

/** What is known of a configured source. */
export interface SourceFacts {
  /** The questions it answers; `undefined` where its plugin takes any name or cannot say. */
  readonly queries: readonly Query[] | undefined
  /** Whether it has a cache. */
  readonly keepsAnswers: boolean
  /** Whether it declares that people may go on where it cannot answer. */
  readonly acceptsAndFlags: boolean
}

/** Every configured source by its name. */
export type KnownSources = ReadonlyMap<string, SourceFacts>

/** What a flow asks and reserves: the sources exist, have these queries, and get what these need. */
export function checkSources(
  { file, report }: Pick<FlowParts, 'file' | 'report'>,
  sources: KnownSources,
  destinations: DestinationKinds | undefined,
): void {
  for (const [name, ask] of Object.entries(file.asks ?? {})) {
    const path = ['asks', name]
    const source = sourceOf(ask, path, sources, destinations, report)
    if (source !== undefined) checkAsk(ask, path, source, report)
  }
  for (const [id, { reserves = {} }] of Object.entries(file.screens)) {
    for (const [name, reserve] of Object.entries(reserves)) {
      const path = ['screens', id, 'reserves', name]
      const source = sourceOf(reserve, path, sources, destinations, report)
      if (source !== undefined) checkReserve(reserve, path, source, report)
    }
  }
}

function sourceOf(
  { source }: { readonly source: string },
  path: Path,
  sources: KnownSources,
  destinations: DestinationKinds | undefined,
  report: Report,
): SourceFacts | undefined {
  const facts = sources.get(source)
  if (facts === undefined) {
    const known =
      destinations?.has(source) === true
        ? ': a destination of that name takes deliveries and answers nothing'
        : sources.size === 0
          ? ': destinations.yaml names none'
          : didYouMean(source, sources.keys())
    const message = `there is no source \`${source}\`${known}`
    report({ severity: 'error', path: [...path, 'source'], code: 'FG_CONFIG_SOURCE_UNKNOWN', message })
  }
  return facts
}

function checkAsk(ask: AskFile, path: Path, source: SourceFacts, report: Report): void {
  const query = queryOf(ask.source, ask.query, 'read', [...path, 'query'], source, report)
  if (query !== undefined) checkParameters(ask.with, [query], path, report)
  const fallbacks = [ask.if_unavailable].flat()
  if (fallbacks.includes('stale') && !source.keepsAnswers) {
    const message = `\`stale\` has nothing to use: source \`${ask.source}\` keeps no answers. Give it a \`cache\``
    report({ severity: 'advice', path: [...path, 'if_unavailable'], code: 'FG_CONFIG_NOTHING_STALE', message })
  }
}

/** What is reserved and what is given back is named by the same parameters. */
function checkReserve(reserve: ReserveFile, path: Path, source: SourceFacts, report: Report): void {
  const take = queryOf(reserve.source, reserve.reserve, 'reserve', [...path, 'reserve'], source, report)
  const release = queryOf(reserve.source, reserve.release, 'release', [...path, 'release'], source, report)
  if (take !== undefined && release !== undefined) checkParameters(reserve.with, [take, release], path, report)
}

const DOES: Readonly<Record<Query['purpose'], string>> = {
  read: 'only reads',
  reserve: 'reserves something',
  release: 'gives something back',
}

const NEEDS: Readonly<Record<Query['purpose'], string>> = {
  read: 'an ask needs one that only reads',
  reserve: '`reserve` needs one that takes something',
  release: '`release` needs one that gives it back',
}

function queryOf(
  source: string,
  name: string,
  purpose: Query['purpose'],
  path: Path,
  { queries }: SourceFacts,
  report: Report,
): Query | undefined {
  if (queries === undefined) return undefined
  const query = queries.find((one) => one.name === name)
  if (query === undefined) {
    const fitting = queries.filter((one) => one.purpose === purpose).map((one) => one.name)
    const hint =
      didYouMean(
        name,
        queries.map((one) => one.name),
      ) || listed(fitting)
    const message = `source \`${source}\` has no query \`${name}\`${hint}`
    report({ severity: 'error', path, code: 'FG_CONFIG_QUERY_UNKNOWN', message })
    return undefined
  }
  if (query.purpose === purpose) return query
  const message = `query \`${name}\` of source \`${source}\` ${DOES[query.purpose]}: ${NEEDS[purpose]}`
  report({ severity: 'error', path, code: 'FG_CONFIG_QUERY_PURPOSE', message })
  return undefined
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? '' : `: there is ${names.join(', ')}`
}

/** Parameters that no query takes, and those that one needs and nobody gives. A mistyped one is told once. */
function checkParameters(given: AskFile['with'], queries: readonly Query[], path: Path, report: Report): void {
  const needed = new Set(queries.flatMap(({ parameters }) => parameters))
  const known = new Set([...needed, ...queries.flatMap(({ optional }) => optional ?? [])])
  const names = Object.keys(given ?? {})
  const missing = new Set([...needed].filter((name) => !names.includes(name)))
  const what = queries.map(({ name }) => `\`${name}\``).join(' and ')
  for (const name of names.filter((one) => !known.has(one))) {
    const meant = nearest(name, missing)
    if (meant !== undefined) missing.delete(meant)
    const hint = meant === undefined ? didYouMean(name, known) || listed([...known]) : `: did you mean \`${meant}\`?`
    const message = `${what} ${queries.length === 1 ? 'has' : 'have'} no parameter \`${name}\`${hint}`
    report({ severity: 'error', path: [...path, 'with', name], code: 'FG_CONFIG_PARAMETER', message, atKey: true })
  }
  for (const name of missing) {
    const needing = queries.filter(({ parameters }) => parameters.includes(name)).map((query) => `\`${query.name}\``)
    const message = `${needing.join(' and ')} ${needing.length === 1 ? 'needs' : 'need'} the parameter \`${name}\`: give it in \`with\``
    const at = given === undefined ? path : [...path, 'with']
    report({ severity: 'error', path: at, code: 'FG_CONFIG_PARAMETER', message, atKey: true })
  }
}
