import assert from 'node:assert/strict'
import type { DatabaseLine, LineTrouble } from '../../support/database-line.ts'
import type { Enquirer } from '../../support/enquiry-configuration.ts'
import { eventually } from '../../support/eventually.ts'
import type { Came, Left, OnceCrm, Trouble } from './once-crm.ts'

/** A database of a company, behind a line that can break, and how tests look into it in its dialect. */
export interface SqlWorld extends AsyncDisposable {
  readonly line: DatabaseLine
  /** Runs one statement past the line. */
  run(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Begins a transaction of somebody else's. */
  other(): Promise<OtherTransaction>
  /** How many statements wait for a lock. */
  waiting(): Promise<number>
  /** How often the trigger has let the contact of `Deadlocked` fail as a deadlock does. */
  deadlocks(): Promise<number>
}

/** A transaction of somebody else's, past the line. */
export interface OtherTransaction {
  run(statement: string): Promise<void>
  /** Keeps what it did, and ends. */
  commit(): Promise<void>
}

/** A server whose dialect is told apart. */
export interface SqlServer {
  readonly name: string
  start(): Promise<SqlWorld>
  /** Trouble of this server alone. */
  readonly troubles?: readonly Trouble<SqlWorld>[]
}

/** `contacts` and `deals`, where `serial` is a number that counts by itself. */
export function tables(serial: string): readonly string[] {
  return [
    `create table contacts (id ${serial} primary key, email varchar(120) not null unique, name varchar(80))`,
    `create table deals (id ${serial} primary key, name varchar(120), contact_id integer,
      flowgate_submission varchar(64) unique, foreign key (contact_id) references contacts (id))`,
  ]
}

/** Trouble on the line with what is said of a person's contact, or of their deal. */
function onLine(name: string, what: string, of: 'contact' | 'deal', trouble: LineTrouble): Trouble<SqlWorld> {
  return {
    name,
    what,
    arrange({ line }, person): Came {
      const active = line.misbehave(of === 'contact' ? person.email : `${person.name}: `, trouble)
      return () => active.struck
    },
  }
}

/** A trigger lets the first insert of this person's contact fail so. */
const deadlocked: Trouble<SqlWorld> = {
  name: 'Deadlocked',
  what: 'the server ends one of two writes that wait for each other',
  arrange: (world) => () => world.deadlocks(),
}

/** Somebody adds the same contact, first keeps the row for longer than a statement may take, and is done during the next try. */
function contended(): Trouble<SqlWorld> {
  const adding = new Map<string, Awaited<ReturnType<SqlWorld['other']>>>()
  return {
    name: 'Contended',
    what: 'somebody holds the same row for too long, and adds it while the next try waits',
    async arrange(world, { name, email }) {
      const other = await world.other()
      await other.run(`insert into contacts (email, name) values ('${email}', 'By hand')`)
      adding.set(name, other)
      return async () => (await world.run(`select id from contacts where email = '${email}'`)).length
    },
    async meanwhile(world, { name }, stage) {
      await eventually(async () => {
        const failures = await stage.query<{ code: string }>(
          `select a.failure->>'code' as code from attempts a join deliveries d on d.id = a.delivery_id
           join submissions s on s.id = d.submission_id where s.form->>'full_name' = $1 and a.failure is not null`,
          [name],
        )
        const [first] = failures
        if (first !== undefined) assert.match(first.code, /^FG_SQL_(TIMEOUT|BUSY)$/u)
        return first !== undefined
      })
      await eventually(async () => (await world.waiting()) > 0)
      await adding.get(name)?.commit()
    },
  }
}

async function left(world: SqlWorld, person?: Enquirer): Promise<Left> {
  const contacts = await world.run(
    `select id from contacts ${person === undefined ? '' : `where name = '${person.name}' or email = '${person.email}'`}`,
  )
  const deals = await world.run(
    `select id, contact_id from deals ${person === undefined ? '' : `where name like '${person.name}: %'`}`,
  )
  return {
    contacts: contacts.map(({ id }) => String(id)),
    deals: deals.map(({ id }) => String(id)),
    links: deals.flatMap(({ id, contact_id: contact }) => (contact === null ? [] : [`${id}>${contact}`])),
  }
}

/** The destination `sql` on this server. */
export function sqlCrm({ name, start, troubles = [] }: SqlServer): OnceCrm<SqlWorld> {
  return {
    name,
    records: [
      {
        id: 'contact',
        to: 'crm',
        object: 'contacts',
        operation: 'upsert',
        match: 'email',
        fields: { email: { from: 'form.email' }, name: { from: 'form.full_name' } },
      },
      {
        id: 'deal',
        to: 'crm',
        object: 'deals',
        operation: 'create',
        links: ['contact'],
        fields: { name: { template: '{form.full_name}: {flow.title}' } },
      },
    ],
    troubles: [
      onLine('Contactlost', 'the connection breaks after the commit of the contact', 'contact', 'lose-commit'),
      onLine('Deallost', 'the connection breaks after the commit of the deal', 'deal', 'lose-commit'),
      onLine('Contactcut', 'the connection breaks before the contact is written', 'contact', 'cut'),
      onLine('Dealcut', 'the connection breaks before the deal is written', 'deal', 'cut'),
      onLine('Hanging', 'a commit is never answered', 'deal', 'hold-commit'),
      deadlocked,
      contended(),
      ...troubles,
    ],
    held: [onLine('Contactheld', '', 'contact', 'hold-commit'), onLine('Dealheld', '', 'deal', 'hold-commit')],
    start,
    destination: ({ line }) => ({
      crm: {
        plugin: 'sql',
        config: {
          url: `\${CRM_DATABASE_URL}`,
          statement_timeout_ms: 1_000,
          tables: { contacts: { link: 'https://crm.example/contacts/{id}' } },
        },
      },
      env: { CRM_DATABASE_URL: line.url },
    }),
    left,
    pathOf: (contact) => `https://crm.example/contacts/${contact}`,
  }
}
