import { errorAnswer, Refused } from './salesforce-answers.ts'
import type { SalesforceOrg, StoredRecord, Value } from './salesforce-org.ts'

const STATEMENT = /^SELECT ([\w., ]+) FROM (\w+) WHERE (.+?)(?: LIMIT (\d+))?$/s
const CONDITION = /^([\w.]+) (=|IN) (.+)$/s
const LITERAL = /^(?:'(?:[^'\\]|\\['"\\nrtbf])*'|true|false|-?\d+(?:\.\d+)?|\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z)?)$/s

interface Condition {
  readonly field: string
  readonly wanted: readonly string[]
}

/** Answers the part of SOQL that is told here: fields, one object, equalities joined with AND, and a limit. */
export function query(org: SalesforceOrg, soql: string): readonly unknown[] {
  const [, fields = '', object = '', where = '', limit] = STATEMENT.exec(soql) ?? malformed(soql)
  const type = typeNamed(org, object)
  const names = fields.split(',').map((name) => name.trim())
  const conditions = splitOutside(where, ' AND ').map((part) => readCondition(org, type, part))
  for (const name of names) requireField(org, type, name)
  return org
    .records(type)
    .filter((record) => conditions.every((condition) => holds(record, condition)))
    .slice(0, Number(limit ?? 2_000))
    .map((record) => ({
      attributes: { type, url: `/services/data/v62.0/sobjects/${type}/${record.id}` },
      ...Object.fromEntries(names.map((name) => shown(org, record, name))),
    }))
}

function shown(org: SalesforceOrg, record: StoredRecord, name: string): readonly [string, unknown] {
  if (name.toLowerCase() === 'id') return ['Id', record.id]
  const [step = '', ...rest] = name.split('.')
  if (rest.length === 0) {
    const field = org.field(record.object, name)
    const blank = field?.type === 'boolean' ? false : null
    return [field?.name ?? name, record.values[field?.name ?? name] ?? blank]
  }
  const id = record.values[`${step}Id`] ?? record.values[step.replace(/__r$/, '__c')]
  const target = org.field(record.object, `${step}Id`)?.referenceTo?.[0] ?? ''
  return [
    step,
    typeof id === 'string' ? Object.fromEntries([shown(org, org.record(target, id), rest.join('.'))]) : null,
  ]
}

function readCondition(org: SalesforceOrg, object: string, part: string): Condition {
  const [, field = '', operator, value = ''] = CONDITION.exec(part) ?? malformed(part)
  requireField(org, object, field)
  const literals = operator === 'IN' ? splitOutside(value.replace(/^\(|\)$/g, ''), ', ') : [value]
  for (const literal of literals) if (!LITERAL.test(literal)) malformed(part)
  const type = field.toLowerCase() === 'id' ? 'id' : org.field(object, field)?.type
  const quoted = literals.every((literal) => literal.startsWith("'"))
  if (quoted === ['boolean', 'currency', 'date'].includes(String(type))) {
    throw new Refused(errorAnswer(400, 'INVALID_FIELD', `filter value is of the wrong type for ${field}`))
  }
  return { field, wanted: literals.map(unquoted) }
}

function holds(record: StoredRecord, { field, wanted }: Condition): boolean {
  const held: Value | undefined =
    field.toLowerCase() === 'id'
      ? record.id
      : Object.entries(record.values).find(([name]) => name.toLowerCase() === field.toLowerCase())?.[1]
  const same = (value: string) => String(held ?? '').toLowerCase() === value.toLowerCase()
  return wanted.some((value) => same(value) || (record.id === held && record.id.slice(0, 15) === value))
}

/** Splits where no quotation is open, so that an answer in the text cannot end it. */
function splitOutside(text: string, separator: string): readonly string[] {
  const parts: string[] = []
  let part = ''
  let inside = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (inside && character === '\\') {
      part += character + (text[at + 1] ?? '')
      at += 1
      continue
    }
    if (character === "'") inside = !inside
    if (!inside && text.startsWith(separator, at)) {
      parts.push(part)
      part = ''
      at += separator.length - 1
    } else part += character
  }
  if (inside) malformed(text)
  return [...parts, part]
}

function unquoted(literal: string): string {
  if (!literal.startsWith("'")) return literal
  const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }
  return literal.slice(1, -1).replaceAll(/\\(.)/gs, (_all, character: string) => named[character] ?? character)
}

function typeNamed(org: SalesforceOrg, object: string): string {
  try {
    return org.type(object).name
  } catch {
    throw new Refused(errorAnswer(400, 'INVALID_TYPE', `sObject type '${object}' is not supported.`))
  }
}

function requireField(org: SalesforceOrg, object: string, name: string): void {
  const [step = '', ...rest] = name.split('.')
  const lookup = org.field(object, `${step}Id`)
  const target = lookup?.referenceTo?.[0]
  if (rest.length > 0 && target !== undefined) {
    requireField(org, target, rest.join('.'))
    return
  }
  if (name.toLowerCase() === 'id' || org.field(object, name) !== undefined) return
  throw new Refused(errorAnswer(400, 'INVALID_FIELD', `No such column '${name}' on entity '${object}'.`))
}

function malformed(part: string): never {
  throw new Refused(errorAnswer(400, 'MALFORMED_QUERY', `unexpected token: ${part}`))
}
