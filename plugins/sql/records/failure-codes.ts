import type { Explanations } from 'flowgate/plugin'

/** What each failure of this plugin means and what cures it: for `flowgate error` and the table in the documentation. */
export const failureCodes: Explanations = {
  FG_SQL_ADDRESS: {
    meaning:
      'No database can be reached by the `url` of this destination as it is written, or `tls_ca` cannot be read.',
    cure: 'Correct it as the message says.',
  },
  FG_SQL_TABLE: {
    meaning:
      'The database has no table of the name that the mapping writes in `object`, or the account may not see it.',
    cure: 'Correct the name, in the case that the database has it in, or grant the account its rights; then replay.',
  },
  FG_SQL_COLUMN: {
    meaning: 'The table has no column of that name, the account may not see it, or the database fills it itself.',
    cure: 'Correct the mapping or the table, then replay.',
  },
  FG_SQL_KEY: {
    meaning:
      'A row cannot be found again: its key has no value, the table changes that value, or `match` is not among the columns of `key`.',
    cure: 'Make the field required, let the mapping give what the table keeps, or match by another column, then replay.',
  },
  FG_SQL_VALUE: {
    meaning:
      'A column refuses its value: it is no number, no date, too long, empty where it may not be, or a rule forbids it.',
    cure: 'Correct the mapping, or the column, then replay.',
  },
  FG_SQL_TAKEN: {
    meaning: 'Another row has a value that must be unique.',
    cure: 'Correct that row, or match by the named column, then replay.',
  },
  FG_SQL_REFERENCE: {
    meaning: 'The row refers to one that is not there, or no longer.',
    cure: 'Replay the record it belongs to, then this one.',
  },
  FG_SQL_LINK: {
    meaning: 'The mapping links a record to another, and no column, or more than one, could refer to that by its id.',
    cure: 'Name the column in `links` of the table in `tables`, then replay.',
  },
  FG_SQL_FILES: {
    meaning: 'The mapping attaches files to a record, and a database takes none.',
    cure: 'Take `files` out of the mapping of this record, then replay.',
  },
  FG_SQL_GONE: {
    meaning: 'The row that was to be changed has been deleted.',
    cure: 'Replay the delivery to write it anew.',
  },
  FG_SQL_AMBIGUOUS: {
    meaning: 'Several rows have the value that one is looked up by, so none is chosen.',
    cure: 'Choose one of them, or look up by a unique column.',
  },
  FG_SQL_OWNER: {
    meaning: 'A notification goes to the owner of a record, and nothing says where the owner stands.',
    cure: 'Set `owner` of the table in `tables`, then replay.',
  },
  FG_SQL_NOT_PREPARED: {
    meaning:
      'A table lacks a unique index, its submission column, or a column that names its rows; the destination is paused, unless only a record that somebody chose to be new needs it: then that one fails.',
    cure: 'Run `flowgate destinations prepare`, then resume the destination; for a record chosen to be new, add the column to the table, then replay, or choose a record.',
  },
  FG_SQL_STATEMENT: {
    meaning: 'The server cannot run a statement on this table: a trigger, a view or a type stands in the way.',
    cure: 'Look at what the message names, correct the table, then replay.',
  },
  FG_SQL_RIGHTS: {
    meaning: 'The account lacks a right to the table or its sequence; the destination is paused.',
    cure: 'Grant it that right, and no more, then resume the destination.',
  },
  FG_SQL_LOGIN: {
    meaning: 'The server refused the login, or has no database of that name; the destination is paused.',
    cure: 'Check account, password and database in `url`, and whether the account may come from this host.',
  },
  FG_SQL_TLS: {
    meaning: 'The connection could not be encrypted as `tls` demands; the destination is paused.',
    cure: "Check `tls` and `tls_ca`, and the server's certificate and its end date.",
  },
  FG_SQL_SCHEMA_CHANGED: {
    meaning: 'A table or column went away between two deliveries.',
    cure: 'Nothing; it is tried again against the table as it is now.',
  },
  FG_SQL_BUSY: {
    meaning: 'Somebody else was writing the same rows at the same time.',
    cure: 'Nothing; if it is frequent, look at which statements hold these rows for long.',
  },
  FG_SQL_CROWDED: {
    meaning: 'All connections of the destination were in use, and none became free in time.',
    cure: 'Raise `connections`, at least to `at_once`.',
  },
  FG_SQL_TIMEOUT: {
    meaning: 'The database did not answer in time; the statement was ended there as well.',
    cure: 'If it lasts, look who holds locks on the table, or add an index for what rows are found by.',
  },
  FG_SQL_UNAVAILABLE: {
    meaning: 'The server has trouble of its own: it is starting, stopping, full, or takes no writes.',
    cure: 'Nothing, unless it lasts; then look at the server, and at the number of its connections.',
  },
  FG_SQL_UNREACHABLE: {
    meaning: 'There is no connection to the database, or it broke: name resolution, network or a stopped server.',
    cure: 'If it lasts, check host and port in `url` and the network.',
  },
}
