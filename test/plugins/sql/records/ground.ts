import { randomUUID } from 'node:crypto'
import { type Call, type Crm, type CrmRecord, type Failure, FailureError } from 'flowgate/plugin'
import type { Dialect } from '../../../../plugins/sql/connect/dialect.ts'
import plugin from '../../../../plugins/sql/index.ts'
import type { SqlConfig } from '../../../../plugins/sql/records/settings.ts'
import { pluginContext } from '../../../support/plugin-context.ts'

/** A database of one's own on a real server, and what tests of the destination ask of it in its dialect. */
export interface Ground extends AsyncDisposable {
  readonly dialect: Dialect
  /** Of an account that owns the database. */
  readonly url: string
  /** Of an account that may select, insert and update in `leads`, and nothing else. */
  readonly writerUrl: string
  /** Runs statements as somebody else than the destination, each separated from the next by a semicolon. */
  run(statements: string): Promise<readonly Record<string, unknown>[]>
  /** Begins a transaction of somebody else's. */
  other(): Promise<Other>
  /** How many statements of others wait for a lock. */
  waiting(): Promise<number>
}

/** A transaction of somebody else's; its end undoes it, and is harmless twice. */
export interface Other extends AsyncDisposable {
  run(statement: string): Promise<void>
  end(): Promise<void>
}

/** What the tables of these tests are made of, where the dialects differ. */
export interface Words {
  readonly serial: string
  readonly moment: string
  readonly instant: string
  readonly stage: string
  readonly json: string
  readonly tags: string
}

/** `leads` with everything a destination can meet, `companies` it can belong to, and `staff` that owns them. */
export function tables({ serial, moment, instant, stage, json, tags }: Words): string {
  return `
    create table companies (id ${serial} primary key, name varchar(80) not null unique);
    create table staff (id ${serial} primary key, email varchar(80), full_name varchar(80));
    insert into staff (email, full_name) values ('bea@acme.example', 'Bea'), (null, 'Nobody reachable');
    create table leads (
      id ${serial} primary key,
      email varchar(120) unique,
      phone varchar(20) unique,
      name varchar(40),
      notes text,
      age integer,
      score numeric(10, 2),
      vip boolean,
      born date,
      seen ${moment},
      seen_at ${instant},
      stage ${stage},
      answers ${json},
      tags ${tags},
      company_id integer references companies (id),
      owner_id integer,
      flowgate_submission varchar(64) unique,
      constraint grown_up check (age >= 0)
    );
    create table visits (id ${serial} primary key, place varchar(20) not null, day date, remark varchar(20) not null, flowgate_submission varchar(64));
    create table pairs (id ${serial} primary key, tenant varchar(20), email varchar(80), name varchar(40), unique (tenant, email));
  `
}

/** A destination on that database. */
export async function crmOn(
  ground: Pick<Ground, 'url'>,
  different: Partial<SqlConfig> = {},
  now: () => Date = () => new Date(),
): Promise<Required<Crm> & AsyncDisposable> {
  const crm = await plugin.configure({ url: ground.url, ...different }, pluginContext({ now }))
  const { find, update, ownerOf, describe, prepare } = crm
  if (!find || !update || !ownerOf || !describe || !prepare) throw new Error('the destination lacks an ability')
  return {
    health: (call) => crm.health(call),
    deliver: (record, call) => crm.deliver(record, call),
    find: (...given) => find.apply(crm, given),
    update: (...given) => update.apply(crm, given),
    ownerOf: (...given) => ownerOf.apply(crm, given),
    describe: (...given) => describe.apply(crm, given),
    prepare: (...given) => prepare.apply(crm, given),
    close: () => crm.close(),
    [Symbol.asyncDispose]: () => crm.close(),
  }
}

/** A call in good time, under a key of its own unless one is given. */
export function call(idempotencyKey: string = randomUUID(), signal: AbortSignal = AbortSignal.timeout(120_000)): Call {
  return { signal, idempotencyKey, attempt: 1, uncertain: false, resend: false }
}

/** An upsert of a lead by its e-mail. */
export function lead(fields: CrmRecord['fields'], different: Partial<CrmRecord> = {}): CrmRecord {
  return { id: 'lead', object: 'leads', operation: 'upsert', match: 'email', fields, links: [], ...different }
}

/** The same as a create. */
export function newLead(fields: CrmRecord['fields'], different: Partial<CrmRecord> = {}): CrmRecord {
  return { id: 'lead', object: 'leads', operation: 'create', fields, links: [], ...different }
}

/** The failure that a promise rejects with; an error where it resolves, or rejects with anything else. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise
  } catch (error) {
    if (error instanceof FailureError) return error.failure
    throw error
  }
  throw new Error('it did not fail')
}

/** A failure in one line: its kind, scope and code, and the fields it names. */
export async function told(promise: Promise<unknown>): Promise<string> {
  const failure = await failureOf(promise)
  if (failure.kind !== 'permanent') return `${failure.kind} ${failure.code}`
  return [`${failure.scope} ${failure.code}`, ...(failure.fields ?? [])].join(' ')
}
