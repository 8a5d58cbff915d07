import { FailureError } from 'flowgate/plugin'
import type { ActiveLineTrouble, DatabaseLine, LineTrouble } from '../../support/database-line.ts'
import type { Enquirer } from '../../support/enquiry-configuration.ts'
import type { EnquiryStage } from '../../support/enquiry-stage.ts'
import { eventually } from '../../support/eventually.ts'
import type { Came, OnceCrm, Trouble } from './once-crm.ts'

/** A database of the company's, behind a line that can break, and how tests look into it in its dialect. */
export interface SqlWorld extends AsyncDisposable {
  readonly line: DatabaseLine
  /** Runs one statement past the line. */
  run(statement: string): Promise<readonly Record<string, unknown>[]>
  /** Begins a transaction of somebody else's. */
  other(): Promise<OtherTransaction>
  /** How many statements of others wait for a lock. */
  waiting(): Promise<number>
}

/** A transaction of somebody else's, to be ended once. */
export interface OtherTransaction {
  run(statement: string): Promise<void>
  end(how: 'commit' | 'rollback'): Promise<void>
}

/** The tables. `serial` is the dialect's word for a number that counts by itself. */
export const tables = (serial: string): readonly string[] => [
  `create table contacts (id ${serial} primary key, email varchar(120) not null unique, name varchar(80))`,
  `create table deals (id ${serial} primary key, name varchar(120), contact_id integer, flowgate_submission varchar(64) unique,
    foreign key (contact_id) references contacts (id))`,
]
