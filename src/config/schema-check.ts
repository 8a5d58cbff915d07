import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import type { JsonSchema } from '../plugin/json.ts'
import type { Finding, Path, Report } from './issue.ts'
import { pathOf, wordsFor } from './schema-words.ts'

/** A file's content after the check of its schema. */
export interface Checked<T> {
  /** What fits the schema: all of it, or what is left without the faulty parts, or nothing. */
  readonly value: T | undefined
  /** Nothing was left out, so what is missing in `value` is missing in the file too. */
  readonly whole: boolean
  /** For whoever goes on with `value`: passes on what is not merely a consequence of what was left out. */
  readonly report: Report
}

/**
 * Checks data against its schema and reports every fault. Unknown keys are taken out, or taken for the key they most
 * likely mean, so that one slip hides no other mistake and causes no false one.
 */
export function checkSchema<T>(schema: object, data: unknown, report: Report): Checked<T> {
  const validate = validatorOf(schema)
  const root = { content: structuredClone(data) }
  for (let round = 0; round < 20 && !validate(root.content); round += 1) {
    const unknown = errorsOf(validate).filter(({ keyword }) => keyword === 'additionalProperties')
    if (unknown.length === 0) break
    for (const error of unknown) {
      const finding = wordsFor(error)
      report(finding)
      renameOrRemove(root, finding)
    }
  }
  if (validate(root.content)) return { value: root.content as T, whole: true, report }
  for (const error of errorsOf(validate)) report(wordsFor(error))
  const pruned: Path[] = []
  const rest: Report = (finding) => {
    if (!pruned.some((path) => isWithin(path, finding.path))) report(finding)
  }
  for (let round = 0; round < 20 && !validate(root.content); round += 1) {
    for (const error of errorsOf(validate)) {
      const path = prune(root, error)
      if (path === undefined) return { value: undefined, whole: false, report: rest }
      pruned.push(path)
    }
  }
  return { value: validate(root.content) ? (root.content as T) : undefined, whole: false, report: rest }
}

function isWithin(path: Path, container: Path): boolean {
  return container.every((part, index) => String(part) === String(path[index]))
}

/** Checks a plugin's settings against its own schema and fills in the schema's defaults. */
export function checkSettings(schema: JsonSchema, settings: object, report: Report): Readonly<Record<string, unknown>> {
  const filled = structuredClone(settings) as Record<string, unknown>
  const validate = newAjv({ useDefaults: true }).compile(schema)
  if (!validate(filled)) for (const error of errorsOf(validate)) report(wordsFor(error, '`config`'))
  return filled
}

const validators = new WeakMap<object, ValidateFunction>()

function validatorOf(schema: object): ValidateFunction {
  const known = validators.get(schema)
  if (known !== undefined) return known
  const validate = newAjv({}).compile(schema)
  validators.set(schema, validate)
  return validate
}

function newAjv(options: { readonly useDefaults?: boolean }): Ajv2020 {
  return new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: false,
    validateFormats: false,
    logger: false,
    ...options,
  })
}

/**
 * One error for each fault. Where a value fits none of several forms, the form it was most likely meant as says what is
 * wrong; where that cannot be told, the choice itself does.
 */
function errorsOf(validate: ValidateFunction): readonly ErrorObject[] {
  const errors = validate.errors ?? []
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
  const within = (error: ErrorObject, choice: ErrorObject, form = ''): boolean =>
    choice !== error &&
    error.schemaPath.startsWith(`${choice.schemaPath}/${form}`) &&
    isWithin(pathOf(error), pathOf(choice))
  const meant = new Map(
    choices.flatMap((choice) => {
      const form = meantForm(choice)
      return form !== undefined && errors.some((error) => within(error, choice, `${form}/`)) ? [[choice, form]] : []
    }),
  )
  return errors.filter(
    (error) =>
      error.keyword !== 'if' &&
      !meant.has(error) &&
      !choices.some((choice) => within(error, choice) && !within(error, choice, `${meant.get(choice)}/`)),
  )
}

/** The only form of a choice that takes values of this type; constants are no form one can fail in part. */
function meantForm({ schema, data }: ErrorObject): number | undefined {
  const type = Array.isArray(data) ? 'array' : data === null ? 'null' : typeof data
  const forms = (Array.isArray(schema) ? schema : []) as readonly Readonly<Record<string, unknown>>[]
  const fitting = [...forms.entries()].filter(([, form]) => form['type'] === type && form['const'] === undefined)
  return fitting.length === 1 ? fitting[0]?.[0] : undefined
}

interface Root {
  content: unknown
}

function renameOrRemove(root: Root, { path, message }: Finding): void {
  const parent = nodeAt(root, path.slice(0, -1))
  const key = String(path.at(-1))
  if (!isRecord(parent)) return
  const meant = /did you mean `([^`]+)`/u.exec(message)?.[1]
  const value = parent[key]
  delete parent[key]
  if (meant !== undefined && !Object.hasOwn(parent, meant)) parent[meant] = value
}

/** Takes out the smallest part that holds the fault and gives its path; none where that is the whole file. List items keep their place. */
function prune(root: Root, error: ErrorObject): Path | undefined {
  const path = [...pathOf(error)]
  while (path.length > 0 && Array.isArray(nodeAt(root, path.slice(0, -1)))) path.pop()
  const key = path.pop()
  const parent = nodeAt(root, path)
  if (key === undefined) return undefined
  if (isRecord(parent)) delete parent[key]
  return [...path, key]
}

function nodeAt(root: Root, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (node, part) => (Array.isArray(node) ? node[Number(part)] : isRecord(node) ? node[String(part)] : undefined),
    root.content,
  )
}

function isRecord(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
