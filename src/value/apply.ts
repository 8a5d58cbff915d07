import type { Path, Report } from '../config/issue.ts'
import type { Json, JsonObject } from '../plugin/json.ts'
import { didYouMean } from './nearest.ts'
import { isBlank } from './text.ts'
import { TRANSFORMS } from './transforms/table.ts'
import type { OptionSchema, Transform } from './transforms/transform.ts'

/** All steps of an `apply` in turn. Throws a ValueError where one refuses. */
export type Apply = (value: Json) => Json

/** Checks a list of steps once. Mistaken steps are reported and left out. Nothing blank is handed to a transform. */
export function compileSteps(raw: unknown, report: Report, path: Path): Apply {
  if (!Array.isArray(raw)) {
    fault(report, path, '`apply` holds a list, such as `[trim, lower]`')
    return (value) => value
  }
  const steps = raw.flatMap((step: unknown, index) => compileStep(step, report, [...path, index]))
  return (value) => steps.reduce((current, step) => (isBlank(current) ? current : step(current)), value)
}

function compileStep(raw: unknown, report: Report, path: Path): readonly Apply[] {
  const [name, given] = namedStep(raw)
  if (name === undefined) {
    fault(
      report,
      path,
      'a step is a name such as `trim`, or one name with its options such as `{ phone: { country: BR } }`',
    )
    return []
  }
  const transform = TRANSFORMS.get(name)
  if (transform === undefined) {
    const hint = didYouMean(name, TRANSFORMS.keys()) || `: there are ${[...TRANSFORMS.keys()].join(', ')}`
    fault(report, path, `unknown transform \`${name}\`${hint}`)
    return []
  }
  const place = typeof raw === 'string' ? path : [...path, name]
  const options = optionsOf(transform, given, report, place)
  if (options === undefined) return []
  const change = transform.prepare(options, report, place)
  return [transform.lists === 'each' ? each(change) : change]
}

function namedStep(raw: unknown): readonly [string | undefined, unknown?] {
  if (typeof raw === 'string') return [raw]
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return [undefined]
  const [entry, another] = Object.entries(raw)
  return entry === undefined || another !== undefined ? [undefined] : entry
}

function each(change: Apply): Apply {
  const one: Apply = (item) => (isBlank(item) ? item : change(item))
  return (value) => (Array.isArray(value) ? value.map(one) : change(value))
}

/** The options as an object, checked; `undefined` when they are mistaken. */
function optionsOf(transform: Transform, given: unknown, report: Report, path: Path): JsonObject | undefined {
  const { name, main, options: known } = transform
  const whole = typeof given === 'object' && given !== null && !Array.isArray(given)
  if (!whole && given !== undefined && given !== null && main === undefined) {
    return fault(report, path, `\`${name}\` has no options: write \`${name}\` alone`)
  }
  const options: Record<string, unknown> = whole ? { ...given } : {}
  if (!whole && given !== undefined && given !== null && main !== undefined) options[main] = given
  let sound = true
  for (const [option, value] of Object.entries(options)) {
    const schema = Object.hasOwn(known, option) ? known[option] : undefined
    const why =
      schema === undefined
        ? `unknown option \`${option}\`${didYouMean(option, Object.keys(known))}`
        : unfit(option, value, schema)
    if (why === undefined) continue
    sound = false
    fault(report, whole ? [...path, option] : path, `${name}: ${why}`)
  }
  for (const [option, schema] of Object.entries(known)) {
    if (schema.required !== true || option in options) continue
    sound = false
    fault(report, path, `${name}: \`${option}\` is missing`)
  }
  return sound ? (options as JsonObject) : undefined
}

function unfit(option: string, value: unknown, schema: OptionSchema): string | undefined {
  if (schema.type === 'string') {
    if (typeof value !== 'string') return `\`${option}\` is text`
    const fits = schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value)
    return fits ? undefined : `\`${option}\`: ${schema.description}`
  }
  if (!Number.isInteger(value)) return `\`${option}\` is a whole number`
  const { minimum: least, maximum: most } = schema
  if (least !== undefined && Number(value) < least) return `\`${option}\` is at least ${least}`
  return most !== undefined && Number(value) > most ? `\`${option}\` is at most ${most}` : undefined
}

function fault(report: Report, path: Path, message: string): undefined {
  report({ severity: 'error', path, code: 'FG_CONFIG_TRANSFORM', message })
  return undefined
}
