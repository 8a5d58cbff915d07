import type { Pool } from 'pg'
import type { Clock } from '../clock.ts'
import type { Configuration, SourceSettings } from '../config/configuration.ts'
import type { Asking, Reservation } from '../flow/asking.ts'
import type { Log } from '../log.ts'
import type { Registry } from '../registry/registry.ts'
import { type Asked, createExchangeAsking } from './exchange-asking.ts'
import { mayStandIn } from './may-stand-in.ts'
import { createSourceDesk, type SourceDesk } from './source-desk.ts'

/** How this process asks its sources. Kept answers, questions under way and breakers are shared by all its exchanges. */
export interface Asker {
  /** The questions of one exchange, with one budget for all of them that runs from now. */
  forExchange(deadlineMs?: number): Asking
  /** Gives back at the source what is held there. Resolves with whether that is done; never rejects. */
  giveBack(reservation: Pick<Reservation, 'key' | 'source' | 'release' | 'parameters'>): Promise<boolean>
  /** Ends the calls under way and waits for what is written aside. Harmless when called twice. */
  close(): Promise<void>
}

export interface AskerOptions {
  readonly registry: Pick<Registry, 'source'>
  /** The configuration now in force. */
  readonly configuration: () => Configuration
  readonly pool: Pool
  readonly clock: Clock
  readonly log: Log
  readonly onAsked: (asked: Asked) => void
  /** What a person waits for answers that other processes keep, at most, in milliseconds. Default 250. */
  readonly readWithinMs?: number
}

/** All questions of one request together; Meta ends it after 10 s, and the rest of the answer wants time too. */
const EXCHANGE_BUDGET_MS = 3_000
/** Long enough for a night in which a source is down. */
const STAND_IN_MS = 24 * 60 * 60 * 1_000

/** An asker over the sources of the configuration, with nothing kept yet and nothing set up. */
export function createAsker(options: AskerOptions): Asker {
  const { registry, configuration, pool, clock, log, onAsked } = options
  const desks = new Map<string, SourceDesk>()
  const stopping = new AbortController()
  const underWay = new Set<Promise<unknown>>()

  const aside = (work: Promise<unknown>): void => {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
  }

  const open = (settings: SourceSettings): SourceDesk =>
    createSourceDesk({
      settings,
      standInMs: mayStandIn(configuration(), settings) ? STAND_IN_MS : 0,
      registry,
      pool,
      clock,
      log: log.with({ source: settings.name }),
      stopping: stopping.signal,
      aside,
      readWithinMs: options.readWithinMs,
    })

  const desk = (name: string): SourceDesk | undefined => {
    const settings = configuration().sources.get(name)
    const known = desks.get(name)
    if (known !== undefined && known.settings === settings) return known
    if (settings === undefined) {
      log.error({ source: name, code: 'FG_SOURCE_UNKNOWN' }, 'source.failed')
      return undefined
    }
    const opened = open(settings)
    desks.set(name, opened)
    return opened
  }

  return {
    forExchange: (deadlineMs = EXCHANGE_BUDGET_MS) =>
      createExchangeAsking({ deadlineMs, desk, pool, clock, log, onAsked }),
    async giveBack({ key, source, release, parameters }) {
      const asked = desk(source)
      if (asked === undefined) return false
      // What cannot give anything back holds nothing either.
      const give = asked.change(key, async (instance, call) => await instance.release?.(release, parameters, call))
      return (await give).kind === 'answered'
    },
    async close() {
      stopping.abort()
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
  }
}
