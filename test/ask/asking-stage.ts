import { fileURLToPath } from 'node:url'
import type { Pool } from 'pg'
import { type Asker, type AskerOptions, createAsker } from '../../src/ask/asker.ts'
import type { Asked } from '../../src/ask/exchange-asking.ts'
import type { CacheSettings, Configuration, SourceSettings } from '../../src/config/configuration.ts'
import type { Question } from '../../src/flow/asking.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { createPool } from '../../src/store/pool.ts'
import { type TestClock, testClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { keptLog } from '../support/log.ts'
import { ScriptedSource } from './scripted-source.ts'

/** As good as for ever: what a test waits for in vain has a deadline of its own. */
const PATIENT_MS = 60_000

const pluginFolder = fileURLToPath(new URL('./plugins', import.meta.url))

/** 10 s fresh, another 60 s usable while renewed, "nothing found" for 2 s. */
export const CACHE: CacheSettings = {
  ttlMs: 10_000,
  staleMs: 60_000,
  nothingFoundMs: 2_000,
  entries: 100,
  shared: false,
}

/** Settings of one source that differ from the usual ones; `plugin` when it is not the scripted one. */
export type Different = Partial<Omit<SourceSettings, 'name'>>

/** A process with an asker, and what its sources and its log heard. */
export interface AskingProcess extends AsyncDisposable {
  /** Of patient people: an exchange waits for a minute where it is not told otherwise. */
  readonly asker: Asker
  readonly lines: string[]
  readonly asked: Asked[]
  /** Lines of one event, read. */
  told(event: string): readonly Record<string, unknown>[]
}

/** Sources by name, scripted, on a database of their own. */
export interface AskingStage extends AsyncDisposable {
  readonly clock: TestClock
  readonly pool: Pool
  source(name: string): ScriptedSource
  /** Another process over the same sources and database. */
  process(different?: Pick<AskerOptions, 'readWithinMs'>): AskingProcess
}

export async function askingStage(different: Readonly<Record<string, Different>>): Promise<AskingStage> {
  const database: TestDatabase = await testDatabase()
  const pool = createPool({ url: database.url, max: 6, name: 'test' })
  const clock = testClock()
  const sources = new Map(Object.keys(different).map((name) => [name, new ScriptedSource()]))
  const configuration: Configuration = {
    flows: new Map(),
    destinations: new Map(),
    sources: new Map(
      Object.entries(different).map(([name, settings]) => [
        name,
        {
          name,
          plugin: './scripted',
          config: { source: sources.get(name) },
          atOnce: 4,
          answerWithinMs: PATIENT_MS,
          cache: undefined,
          breaker: { failures: 5, restMs: 10_000 },
          ifUnavailable: [],
          ...settings,
        },
      ]),
    ),
    alertsTo: undefined,
    advice: [],
  }
  const processes: AskingProcess[] = []
  return {
    clock,
    pool,
    source(name) {
      const source = sources.get(name)
      if (source === undefined) throw new Error(`The stage has no source ${name}.`)
      return source
    },
    process(different = { readWithinMs: PATIENT_MS }) {
      const started = startProcess({ configuration: () => configuration, pool, clock, ...different })
      processes.push(started)
      return started
    },
    async [Symbol.asyncDispose]() {
      for (const each of processes) await each[Symbol.asyncDispose]()
      await pool.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

function startProcess(options: Omit<AskerOptions, 'registry' | 'log' | 'onAsked'>): AskingProcess {
  const { log, lines } = keptLog()
  const asked: Asked[] = []
  const registry = createRegistry({ ...options, configurationFolder: pluginFolder, log })
  const asker = createAsker({ ...options, registry, log, onAsked: (each) => asked.push(each) })
  return {
    asker: { ...asker, forExchange: (deadlineMs = PATIENT_MS) => asker.forExchange(deadlineMs) },
    lines,
    asked,
    told: (event) => lines.map((line) => JSON.parse(line)).filter((line) => line.event === event),
    async [Symbol.asyncDispose]() {
      await asker.close()
      await registry.close()
    },
  }
}

/** A question to the source `calendar`, with nothing to stand in. */
export function question(different: Partial<Question> = {}): Question {
  return {
    source: 'calendar',
    query: 'slots',
    parameters: { day: '2026-03-02' },
    staleIfUnavailable: false,
    fresh: false,
    ...different,
  }
}
