import type { Trouble } from './trouble.ts'

/** An error that the server sent, as mysql2 hands it on. */
interface ServerError extends Error {
  readonly errno: number
  readonly sqlState: string
  readonly sqlMessage?: string
}

/** https://mariadb.com/kb/en/mariadb-error-code-reference/, https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html */
const NUMBERS: readonly (readonly [kind: Trouble['kind'], numbers: readonly number[]])[] = [
  ['login', [1044, 1045, 1049, 1129, 1130, 1251, 1698, 1820, 1862, 3118, 4151]],
  ['rights', [1142, 1143, 1227, 1370, 1419, 1449]],
  ['read-only', [1290, 1792, 1836]],
  ['busy', [1020, 1205, 1213, 1412, 1615, 3572]],
  ['timeout', [1317, 1969, 3024]],
  ['unavailable', [1040, 1053, 1077, 1203, 1226, 1461, 1927]],
  [
    'value',
    [1153, 1265, 1267, 1270, 1271, 1292, 1300, 1364, 1366, 1369, 1411, 1526, 1644, 1748, 1977, 3819, 3854, 3988, 4025],
  ],
  [
    'statement',
    [1210, 1242, 1288, 1295, 1305, 1347, 1348, 1356, 1393, 1394, 1395, 1415, 1422, 1423, 1424, 1442, 1471, 1906, 3105],
  ],
]

/** The first two characters of an SQLSTATE, for numbers that are not listed. */
const CLASSES: Readonly<Record<string, Trouble['kind']>> = {
  '0A': 'statement',
  '0K': 'statement',
  '20': 'statement',
  '21': 'statement',
  '22': 'value',
  '23': 'value',
  '28': 'login',
  '40': 'busy',
  '42': 'statement',
}

/** SQLSTATEs of the server itself. Any other was chosen by who wrote a `signal`: a rule of the table. */
const OF_THE_SERVER = /^(?:0[0128]|2[45]|2[BDF]|70|HY|XA)/

/** Found while the statement was read, before a value was bound: what they quote stands in the statement. */
const HARMLESS: ReadonlySet<number> = new Set([1052, 1054, 1055, 1064, 1066, 1109, 1142, 1143, 1146, 1305, 1318, 1370])

/** ``Data too long for column 'name' at row 1``, ``for column `db`.`leads`.`age` at row 1``, ``FOREIGN KEY (`company_id`)``. */
const COLUMN = /(?:[Cc]olumn |Field |FOREIGN KEY \()(?:`[^`]*`\.)*[`'][^`']+[`']/g

/** ``for key 'leads.phone'``, ``CONSTRAINT `leads.age` failed``, ``Check constraint 'grown_up' is violated``. */
const CONSTRAINT = /for key '(?:[^'.]*\.)?([^']+)'$|CONSTRAINT `([^`]+)`|^Check constraint '([^']+)'/

/** What an error that MySQL or MariaDB sent means; `undefined` for every other error. */
export function mysqlTrouble(error: unknown): Trouble | undefined {
  if (!isServerError(error)) return undefined
  const { errno, sqlState, sqlMessage } = error
  const listed = NUMBERS.find(([, numbers]) => numbers.includes(errno))?.[0]
  const otherwise = sqlState === '' || OF_THE_SERVER.test(sqlState) ? 'unavailable' : 'value'
  const kind = listed ?? CLASSES[sqlState.slice(0, 2)] ?? otherwise
  const said = sqlMessage ?? ''
  const line = /at line (\d+)$/.exec(said)?.[1]
  const column = said
    .match(COLUMN)
    ?.at(-1)
    ?.replaceAll(/^.*[`'](?=[^`']+[`']$)|[`']$/g, '')
  const constraint = CONSTRAINT.exec(said)
    ?.slice(1)
    .find((name) => name !== undefined)
  return {
    kind,
    code: String(errno),
    ...(HARMLESS.has(errno) ? { words: sqlMessage } : {}),
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === undefined ? {} : { column }),
    ...(constraint === undefined ? {} : { constraint }),
  }
}

/**
 * What the server says of two rows that cannot both be there, with the values that clash; `undefined` for every other
 * error. To be looked through and forgotten.
 */
export function mysqlClash(error: unknown): string | undefined {
  return isServerError(error) && (error.errno === 1062 || error.errno === 1586) ? (error.sqlMessage ?? '') : undefined
}

function isServerError(error: unknown): error is ServerError {
  if (!(error instanceof Error) || !('errno' in error) || !('sqlState' in error)) return false
  return typeof error.errno === 'number' && typeof error.sqlState === 'string'
}
