import type { RuleFile } from '../../config/schema/flow.ts'
import type { RawCondition } from '../../config/schema/value.ts'
import type { Json } from '../../plugin/json.ts'
import type { DraftField } from './draft-fields.ts'
import type { Outline, OutlinedScreen } from './outline.ts'

/** Where a screen leads: its `next`, with what an operator should know of each rule. */
export interface DraftRules {
  readonly rules: readonly RuleFile[]
  /** By index of the rule. */
  readonly remarks: ReadonlyMap<number, string>
}

const NONE: DraftRules = { rules: [], remarks: new Map() }

/**
 * The rules of a screen. Of several ways the routing model allows, the first is the last resort; the others stand before it
 * behind conditions that `answers`, which lead along the last resort, do not fulfil.
 */
export function draftRules(
  screen: OutlinedScreen,
  outline: Outline,
  fields: readonly DraftField[],
  answers: ReadonlyMap<string, Json>,
): DraftRules {
  const { shape, submits, pulls } = screen
  const targets = targetsOf(screen, outline)
  const onlySelections = [...submits, ...pulls].every(({ attribute }) => attribute === 'on-select-action')
  if (!shape.asksEndpoint || (submits.length === 0 && onlySelections && targets.length === 0)) return NONE
  const [last, others] = lastResort(screen, outline, targets)
  const conditions = conditionsFor(fields, answers)
  const rules: RuleFile[] = []
  const remarks = new Map<number, string>()
  for (const target of others) {
    const when = conditions.next().value ?? elsewhere(rules.length)
    remarks.set(rules.length, `replace: when does ${screen.id} lead to ${target}?`)
    rules.push({ when, ...ruleTo(target, outline) })
  }
  if (last.remark !== undefined) remarks.set(rules.length, last.remark)
  return { rules: [...rules, last.rule], remarks }
}

/** Screens only the endpoint leads to: the routing model's, without those that `navigate` leads to. */
function targetsOf({ id, ways }: OutlinedScreen, { flowJson }: Outline): readonly string[] {
  const navigated = new Set(ways.map(({ to }) => to))
  return [...(flowJson.routing.get(id) ?? [])].filter((target) => !navigated.has(target))
}

interface LastResort {
  readonly rule: RuleFile
  readonly remark?: string
}

function lastResort(
  { id, shape, submits }: OutlinedScreen,
  outline: Outline,
  targets: readonly string[],
): readonly [LastResort, others: readonly string[]] {
  const [first, ...others] = targets
  if (submits.length === 0) {
    return [{ rule: { show: id }, remark: 'only selections and links ask here: the screen is shown again' }, targets]
  }
  if (shape.terminal && !(first !== undefined && isThanks(first, outline))) return [{ rule: { submit: true } }, targets]
  if (first !== undefined) {
    const remark = isThanks(first, outline)
      ? `${first} never asks the gateway: the form is finished before it`
      : undefined
    return [{ rule: ruleTo(first, outline), ...(remark === undefined ? {} : { remark }) }, others]
  }
  const [onward] = outline.flowJson.routing.get(id) ?? []
  if (onward !== undefined) return [{ rule: ruleTo(onward, outline) }, []]
  return [{ rule: { submit: true }, remark: 'the routing model leads nowhere from here: the form is finished' }, []]
}

/** A last screen that never asks the endpoint: the form must be finished before. */
function isThanks(id: string, { screens }: Outline): boolean {
  const shape = screens.get(id)?.shape
  return shape?.terminal === true && !shape.asksEndpoint
}

function ruleTo(target: string, outline: Outline): RuleFile {
  return isThanks(target, outline) ? { submit: true, show: target } : { show: target }
}

/** Conditions on answers of the screen that the given answers do not fulfil, likely ones first. */
function* conditionsFor(
  fields: readonly DraftField[],
  answers: ReadonlyMap<string, Json>,
): Generator<RawCondition, undefined> {
  const answered = fields.filter(({ name }) => answers.has(name))
  for (const { name, settings } of answered) {
    const several = settings.type === 'choices'
    for (const option of (settings.of ?? []).toReversed()) {
      if (!isAmong(option, answers.get(name))) yield { [`form.${name}`]: several ? { contains: option } : option }
    }
  }
  for (const { name, settings } of answered) {
    const answer = answers.get(name)
    if (settings.type === 'boolean' && settings.required !== true) yield { [`form.${name}`]: answer !== true }
    if (settings.type === 'integer' || settings.type === 'number') {
      yield { [`form.${name}`]: { gte: Math.max(50, typeof answer === 'number' ? answer + 1 : 0) } }
    }
  }
  for (const { name, settings } of fields) {
    if (settings.type === 'text') yield { [`form.${name}`]: 'replace me' }
  }
}

function isAmong(option: Json, answer: Json | undefined): boolean {
  return [answer ?? null].flat().some((one) => String(one) === String(option))
}

/** A condition for where no answer is left to decide by: nobody fulfils it. */
export function elsewhere(index: number): RawCondition {
  return { 'session.source.campaign': `replace me ${index + 1}` }
}
