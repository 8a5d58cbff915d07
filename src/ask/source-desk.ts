import type { Pool } from 'pg'
import type { Clock } from '../clock.ts'
import type { SourceSettings } from '../config/configuration.ts'
import type { Log } from '../log.ts'
import type { Source } from '../plugin/definition.ts'
import type { Call } from '../plugin/delivery.ts'
import type { Json, JsonObject } from '../plugin/json.ts'
import type { Registry } from '../registry/registry.ts'
import { type AnswerCache, createAnswerCache } from './answer-cache.ts'
import { createCaller, type Heard } from './caller.ts'
import { soundAnswer } from './sound-answer.ts'
import { createStoredAnswers, type StoredAnswers } from './stored-answers.ts'

/** One question to this source. */
export interface DeskQuestion {
  /** The same for the same query and parameters. */
  readonly key: string
  readonly query: string
  readonly parameters: JsonObject
  /** Whether nothing kept may be used. */
  readonly fresh: boolean
}

/** What a question came to, and how: asked anew, kept, kept and being renewed, not answered, not asked. */
export type Found =
  | { readonly outcome: 'fresh' | 'cached' | 'stale'; readonly answer: Json }
  | { readonly outcome: 'failed' | 'open' }

/** Where all exchanges of this process ask one source: it keeps answers and asks each question once at a time. */
export interface SourceDesk {
  readonly settings: SourceSettings
  isOpen(): boolean
  /** A kept answer that may be used now. Never waits; a stale one is renewed aside. */
  find(question: DeskQuestion): Found | undefined
  /** Asks. Never rejects, and resolves shortly after the source's deadline at the latest, whoever still waits. */
  fetch(question: DeskQuestion): Promise<Found>
  /** An answer kept beyond its time, for where the source cannot answer. */
  standIn(key: string): Json | undefined
  /**
   * Calls the plugin for what changes something at the source. As `fetch` in time. Once it answers, nothing found out
   * before is fresh any more.
   */
  change<Result>(key: string, use: (source: Source, call: Call) => Promise<Result>): Promise<Heard<Result>>
}

export interface SourceDeskOptions {
  readonly settings: SourceSettings
  /** How long answers may stand in where the source cannot answer; 0 where nobody lets them. */
  readonly standInMs: number
  readonly registry: Pick<Registry, 'source'>
  readonly pool: Pool
  readonly clock: Clock
  /** Of this source. */
  readonly log: Log
  readonly stopping: AbortSignal
  /** Is told of everything that goes on although nobody may wait for it any more. */
  readonly aside: (work: Promise<unknown>) => void
  /** As `StoredAnswersOptions.readWithinMs`. */
  readonly readWithinMs?: number | undefined
}

/** A desk for one source, with nothing kept yet. */
export function createSourceDesk(options: SourceDeskOptions): SourceDesk {
  const { settings, standInMs, clock, aside } = options
  const caller = createCaller(options)
  const cache: AnswerCache | undefined =
    settings.cache === undefined ? undefined : createAnswerCache({ settings: settings.cache, standInMs, clock })
  const shared: StoredAnswers | undefined =
    settings.cache?.shared === true ? createStoredAnswers({ ...options, source: settings.name }) : undefined
  const flights = new Map<string, Promise<Found>>()

  const find = (question: DeskQuestion): Found | undefined => {
    const kept = question.fresh ? undefined : cache?.find(question.key)
    if (kept === undefined || kept.freshness === 'expired') return undefined
    if (kept.freshness === 'fresh') return { outcome: 'cached', answer: kept.answer }
    if (!caller.isOpen()) void fetch(question, true)
    return { outcome: 'stale', answer: kept.answer }
  }

  const fetch = (question: DeskQuestion, renewing = false): Promise<Found> => {
    const name = question.fresh ? `fresh ${question.key}` : question.key
    const known = flights.get(name)
    if (known !== undefined) return known
    const flight = ask(question, renewing)
    flights.set(name, flight)
    const landed = flight.then((found) => {
      if (flights.get(name) === flight) flights.delete(name)
      // What another process kept may be stale already: then it is renewed as one of ours would be.
      if (found.outcome === 'stale' && !caller.isOpen()) void fetch(question, true)
    })
    aside(landed)
    return flight
  }

  const ask = async (question: DeskQuestion, renewing: boolean): Promise<Found> => {
    const { key, query, parameters } = question
    const from = performance.now()
    if (shared !== undefined && cache !== undefined && !question.fresh) {
      await shared.fetch(key, cache, settings.answerWithinMs)
      const { answer = null, freshness = 'expired' } = cache.find(key) ?? {}
      if (freshness === 'fresh') return { outcome: 'cached', answer }
      if (freshness === 'stale' && !renewing) return { outcome: 'stale', answer }
    }
    const generation = cache?.generation
    const leftMs = settings.answerWithinMs - (performance.now() - from)
    const heard = await caller.call(key, leftMs, async (source, call) =>
      soundAnswer(await source.read(query, parameters, call)),
    )
    if (heard.kind !== 'answered') return { outcome: heard.kind }
    // Where something was taken meanwhile the answer may be from before: good enough for who asked then, not for others.
    if (cache !== undefined && cache.generation === generation) {
      const lifetime = cache.keep(key, heard.result)
      shared?.write(key, heard.result, lifetime)
    }
    return { outcome: 'fresh', answer: heard.result.answer }
  }

  const outdate = (): void => {
    cache?.outdate()
    shared?.outdate()
    flights.clear()
  }

  return {
    settings,
    isOpen: () => caller.isOpen(),
    find,
    fetch,
    standIn: (key) => cache?.find(key)?.answer,
    change(key, use) {
      const changing = caller.call(key, settings.answerWithinMs, use).then((heard) => {
        if (heard.kind === 'answered') outdate()
        return heard
      })
      aside(changing)
      return changing
    },
  }
}
