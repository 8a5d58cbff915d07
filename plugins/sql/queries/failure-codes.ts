import type { Explanations } from 'flowgate/plugin'

/** What each failure of this plugin means and what cures it: for `flowgate error` and the table in the documentation. */
export const failureCodes: Explanations = {
  FG_SQL_SOURCE_ADDRESS: {
    meaning: 'No database can be reached by the `url` of this source as it is written.',
    cure: 'Correct it as the message says.',
  },
  FG_SQL_SOURCE_QUERIES: {
    meaning: 'The file of queries, or that of certificates, holds mistakes or cannot be read.',
    cure: 'Correct what the message names by file and line; `flowgate check` finds it before the start.',
  },
  FG_SQL_SOURCE_QUERY_UNKNOWN: {
    meaning:
      'The source was asked for a query that its file does not hold, or for another purpose than it is marked with.',
    cure: 'Correct the name in the flow, or the line `-- name:` in the file.',
  },
  FG_SQL_SOURCE_PARAMETER: {
    meaning: 'A parameter that the query uses was not given.',
    cure: "Name it in the ask's `with`.",
  },
  FG_SQL_SOURCE_TOO_MANY_ROWS: {
    meaning: 'A query found more than 1,000 rows, more than any screen can show.',
    cure: 'Write a `limit` or narrow its `where`.',
  },
  FG_SQL_SOURCE_HELD_SEVERAL: {
    meaning: 'A query that reserves would have taken more than one row at once; nothing was taken.',
    cure: 'Narrow its `where` to the one thing that was chosen.',
  },
  FG_SQL_SOURCE_STATEMENT: {
    meaning:
      'The server cannot run a query as it is written: a table, column or function is missing, or it is not SQL.',
    cure: 'Correct the query at the named line, or the table in the database.',
  },
  FG_SQL_SOURCE_READ_ONLY: {
    meaning: 'A query that is not marked (reserve) or (release) tried to write; nothing was written.',
    cure: 'Mark it and set `writes: true`, or take the write out.',
  },
  FG_SQL_SOURCE_VALUE: {
    meaning: 'The database refused a value: it is no number, no date, too long, or a rule of the table forbids it.',
    cure: "Check the ask's `with`, and the type and rules of the column.",
  },
  FG_SQL_SOURCE_RIGHTS: {
    meaning: 'The account lacks a right that a query needs.',
    cure: 'Grant it that right on that table, and no more.',
  },
  FG_SQL_SOURCE_LOGIN: {
    meaning: 'The server refused the login, or has no database of that name.',
    cure: 'Check account, password and database in `url`, and whether the account may come from this host.',
  },
  FG_SQL_SOURCE_TLS: {
    meaning: 'The connection could not be encrypted as `tls` demands.',
    cure: "Check `tls` and `tls_ca`, and the server's certificate and its end date.",
  },
  FG_SQL_SOURCE_BUSY: {
    meaning: 'The database was writing the same rows for somebody else at the same time.',
    cure: 'Nothing; if it is frequent, look at which statements hold these rows for long.',
  },
  FG_SQL_SOURCE_CROWDED: {
    meaning: 'All connections of the source were in use, and none became free in time.',
    cure: 'Raise `connections`, at least to `at_once`.',
  },
  FG_SQL_SOURCE_TIMEOUT: {
    meaning: 'The database did not answer in time; the statement was ended there as well.',
    cure: 'If it lasts, look at the plan of the query (`explain`), add an index, or raise `answer_within_ms`.',
  },
  FG_SQL_SOURCE_UNAVAILABLE: {
    meaning: 'The server has trouble of its own: it is starting, stopping, full, or takes no writes.',
    cure: 'Nothing, unless it lasts; then look at the server, and at the number of its connections.',
  },
  FG_SQL_SOURCE_UNREACHABLE: {
    meaning: 'There is no connection to the database, or it broke: name resolution, network or a stopped server.',
    cure: 'If it lasts, check host and port in `url` and the network.',
  },
}
