import { randomUUID } from 'node:crypto'
import type { Call, Failure, Source } from 'flowgate/plugin'
import { FailureError } from 'flowgate/plugin'
import type { SqlSourceConfig } from '../../../../plugins/sql/queries/settings.ts'
import plugin from '../../../../plugins/sql/source.ts'
import { pluginContext } from '../../../support/plugin-context.ts'

/** A database of one's own on a real server, and what tests of the source ask of it in its dialect. */
export interface Ground extends AsyncDisposable {
  /** Of an account that owns the database. */
  readonly url: string
  /** Of an account that may read the table `slots` and nothing else. */
  readonly readerUrl: string
  /** Runs statements as somebody else than the source, each separated from the next by a semicolon at a line's end. */
  run(statements: string): Promise<readonly Record<string, unknown>[]>
  /** How many statements of the source that hold these words run on the server. */
  running(words: string): Promise<number>
  /** Ends every connection of the source, from the server's side. */
  killConnections(): Promise<void>
  /** Locks a row of `slots` until the promise it resolves with is called. */
  lockSlot(id: number): Promise<() => Promise<void>>
}

/** What differs between the dialects in what these tests write. */
export interface Words {
  /** An expression that takes half a minute. */
  readonly sleep: string
  /** A function `take_all()` that writes, to be created. */
  readonly writingFunction: string
  /** A query of as many rows as `:many` says. */
  readonly series: string
  /** `:typed` where nothing around it says that it is text. */
  readonly typed: string
  /** How a statement brings back the row it changed, and what an update of slot 4 then brings; MySQL has no such thing. */
  readonly returning: string
  readonly slot4: Readonly<Record<string, string | number>>
}

/** A source with these queries on that database. */
export async function sourceOn(
  ground: Pick<Ground, 'url'>,
  queries: string,
  different: Partial<SqlSourceConfig> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Source & AsyncDisposable & Required<Pick<Source, 'reserve' | 'release'>>> {
  const config: SqlSourceConfig = { url: ground.url, queries: './queries.sql', writes: true, ...different }
  const source = await plugin.configure(config, pluginContext({ readFile: async (path) => files[path] ?? queries }))
  const { reserve, release } = source
  if (reserve === undefined || release === undefined) throw new Error('the source cannot reserve')
  return {
    health: (call) => source.health(call),
    read: (...asked) => source.read(...asked),
    reserve: (...asked) => reserve.apply(source, asked),
    release: (...asked) => release.apply(source, asked),
    close: () => source.close(),
    [Symbol.asyncDispose]: () => source.close(),
  }
}

/** A call in good time, under a key of its own unless one is given. */
export function call(idempotencyKey: string = randomUUID(), signal: AbortSignal = AbortSignal.timeout(120_000)): Call {
  return { signal, idempotencyKey, attempt: 1, uncertain: false, resend: false }
}

/** The failure that a promise rejects with; an error where it resolves, or rejects with anything else. */
export async function failureOf(asking: Promise<unknown>): Promise<Failure> {
  try {
    await asking
  } catch (error) {
    if (error instanceof FailureError) return error.failure
    throw error
  }
  throw new Error('it did not fail')
}

/** Ten slots, free, and whose they are; and a table that holds by insertion. */
export const TABLES = `
  create table slots (id int primary key, code varchar(40), held_by varchar(64));
  insert into slots values ${Array.from({ length: 10 }, (_, id) => `(${id}, 'slot-${id}', null)`).join(', ')};
  create table holds (held_by varchar(64) primary key, slot int not null unique);
`
