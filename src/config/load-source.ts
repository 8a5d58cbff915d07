import type { SourceFallback } from '../flow/asking.ts'
import { compileWords } from '../flow/words.ts'
import type { Query } from '../plugin/definition.ts'
import { parseDuration } from '../value/duration.ts'
import type { CacheSettings, SourceSettings } from './configuration.ts'
import { type ConfiguredPlugin, type PluginReading, readPlugin } from './configured-plugin.ts'
import type { SourceFacts } from './cross-check/sources.ts'
import type { Path, Report } from './issue.ts'
import { type NamedDestinations, namedDestinations } from './named-destinations.ts'
import {
  DEFAULT_BREAKER,
  DEFAULT_CACHE_ENTRIES,
  DEFAULT_SOURCE_AT_ONCE,
  DEFAULT_SOURCE_WITHIN_MS,
} from './schema/defaults.ts'
import type { SourceEntry } from './schema/source.ts'

/** A source's settings, and what asks can be checked against. */
interface LoadedSource {
  readonly settings: SourceSettings
  readonly facts: SourceFacts
  /** CRMs that its settings name. */
  readonly named: NamedDestinations
}

/** Reads one entry of `sources`. What its plugin says of its queries is asked for; mistakes in them are findings. */
export async function loadSource(name: string, entry: SourceEntry, reading: PluginReading): Promise<LoadedSource> {
  const path = ['sources', name]
  const { report } = reading
  const plugin = await readPlugin(entry, path, 'sources', reading)
  const cache = entry.cache && readCache(entry.cache, [...path, 'cache'], report)
  const settings: SourceSettings = {
    name,
    plugin: entry.plugin,
    config: plugin.config,
    atOnce: entry.at_once ?? DEFAULT_SOURCE_AT_ONCE,
    answerWithinMs: entry.answer_within_ms ?? DEFAULT_SOURCE_WITHIN_MS,
    cache,
    breaker: {
      failures: entry.breaker?.failures ?? DEFAULT_BREAKER.failures,
      restMs: milliseconds(entry.breaker?.rest ?? DEFAULT_BREAKER.rest, [...path, 'breaker', 'rest'], report),
    },
    ifUnavailable: fallbacks(entry.if_unavailable, [...path, 'if_unavailable'], report),
  }
  if (cache === undefined && settings.ifUnavailable.includes('stale')) {
    const message = `\`stale\` has nothing to use: source \`${name}\` keeps no answers. Give it a \`cache\``
    report({ severity: 'advice', path: [...path, 'if_unavailable'], code: 'FG_CONFIG_NOTHING_STALE', message })
  }
  const queries = await queriesOf(name, plugin, [...path, 'config'], report)
  const facts: SourceFacts = {
    queries,
    keepsAnswers: cache !== undefined,
    acceptsAndFlags: settings.ifUnavailable.includes('accept_and_flag'),
  }
  return { settings, facts, named: namedDestinations(plugin, [...path, 'config']) }
}

function readCache(raw: NonNullable<SourceEntry['cache']>, path: Path, report: Report): CacheSettings {
  const ttlMs = milliseconds(raw.ttl, [...path, 'ttl'], report)
  return {
    ttlMs,
    staleMs: raw.stale === undefined ? 0 : milliseconds(raw.stale, [...path, 'stale'], report),
    nothingFoundMs:
      raw.nothing_found === undefined ? ttlMs : milliseconds(raw.nothing_found, [...path, 'nothing_found'], report),
    entries: raw.entries ?? DEFAULT_CACHE_ENTRIES,
    shared: raw.shared ?? false,
  }
}

function milliseconds(text: string, path: Path, report: Report): number {
  const seconds = parseDuration(text)
  if (seconds === undefined) {
    const message = `"${text}" is not a duration: write a whole number and s, m, h or d, for example 30s or 5m`
    report({ severity: 'error', path, code: 'FG_CONFIG_DURATION', message })
  }
  return (seconds ?? 0) * 1000
}

function fallbacks(
  raw: SourceEntry['if_unavailable'],
  path: Path,
  report: Report,
): readonly ('stale' | SourceFallback)[] {
  if (raw === undefined) return []
  if (!Array.isArray(raw)) return [fallback(raw, path, report)]
  return raw.map((one, index) => fallback(one, [...path, index], report))
}

type RawFallback = Exclude<NonNullable<SourceEntry['if_unavailable']>, readonly unknown[]>

function fallback(raw: RawFallback, path: Path, report: Report): 'stale' | SourceFallback {
  if (typeof raw === 'string') return raw
  return { message: compileWords(raw.message, [...path, 'message'], report) }
}

/**
 * What a plugin cannot say without a variable that is not set is no mistake of the files: whoever checks them without
 * secrets may go on.
 */
async function queriesOf(
  name: string,
  { description, config, unfilled, sound }: ConfiguredPlugin,
  path: Path,
  report: Report,
): Promise<readonly Query[] | undefined> {
  if (description?.queries === undefined || !sound) return undefined
  try {
    return await description.queries(config)
  } catch (error) {
    if (unfilled) return undefined
    const why = error instanceof Error ? error.message : 'unknown reason'
    report({ severity: 'error', path, code: 'FG_CONFIG_QUERIES', message: `the queries of source \`${name}\`: ${why}` })
    return undefined
  }
}
