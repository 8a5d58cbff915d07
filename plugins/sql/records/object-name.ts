/** A table as mappings name it: `leads`, or `crm.leads` with its schema (in MySQL its database). */
export interface ObjectName {
  readonly schema: string | undefined
  readonly name: string
}

/** Longest name of any of these servers, in characters: https://dev.mysql.com/doc/refman/8.4/en/identifier-length.html */
const LONGEST = 64

/** Takes a table's name apart at its dot; `undefined` where no table can be called so. */
export function readObjectName(object: string): ObjectName | undefined {
  const parts = object.split('.')
  if (parts.some((part) => part === '' || part.length > LONGEST || part.includes('\0'))) return undefined
  const [first = '', second, ...more] = parts
  if (more.length > 0) return undefined
  return second === undefined ? { schema: undefined, name: first } : { schema: first, name: second }
}
