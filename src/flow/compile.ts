import type { Path, Report } from '../config/issue.ts'
import { DEFAULT_IDLE_EXPIRY, DEFAULT_MESSAGES, DEFAULT_PURGE_AFTER } from '../config/schema/defaults.ts'
import type { FlowFile, MessagesFile, RuleFile, ScreenFile } from '../config/schema/flow.ts'
import type { RawValue } from '../config/schema/value.ts'
import { compileCondition } from '../value/condition.ts'
import { parseDuration } from '../value/duration.ts'
import { FLOW_ROOTS } from '../value/options.ts'
import type { CompiledValue } from '../value/scope.ts'
import { compileValue } from '../value/value.ts'
import type { FlowJson } from '../whatsapp/flow-json.ts'
import { compileField } from './compile-field.ts'
import type { Flow, Messages, Rule, Screen } from './model.ts'
import { screensBefore } from './screens-before.ts'

/**
 * Makes a `flow.yaml` that fits its schema ready to run. Findings carry paths inside that file; after an error the result
 * is only good for finding more errors. Whether it fits its Flow JSON is the cross-check's affair.
 */
export function compileFlow(file: FlowFile, flowJson: FlowJson, report: Report): Flow {
  const seconds = (key: 'idle_expiry' | 'purge_after', standard: string): number =>
    readDuration(file.sessions?.[key] ?? standard, ['sessions', key], report)
  const screens = new Map(
    Object.entries(file.screens).map(([id, screen]) => [id, compileScreen(id, screen, ['screens', id], report)]),
  )
  return {
    name: file.flow,
    title: file.title,
    version: file.version,
    tokens: file.tokens ?? 'any',
    firstScreen: file.first_screen,
    idleExpirySeconds: seconds('idle_expiry', DEFAULT_IDLE_EXPIRY),
    purgeAfterSeconds: seconds('purge_after', DEFAULT_PURGE_AFTER),
    screens,
    before: screensBefore(screens, flowJson, [file.first_screen, ...(file.also_opens_at ?? [])]),
    messages: messagesOf(file.messages ?? {}),
    expiredBody: file.expired_body ?? 'sealed',
    answer: compileAnswer(file.answer ?? {}, report),
    flowJson,
  }
}

function readDuration(text: string, path: Path, report: Report): number {
  const seconds = parseDuration(text)
  if (seconds === undefined) {
    const message = `"${text}" is not a duration: write a whole number and s, m, h or d, for example 30m or 48h`
    report({ severity: 'error', path, code: 'FG_CONFIG_DURATION', message })
  }
  return seconds ?? 0
}

function compileScreen(id: string, file: ScreenFile, path: Path, report: Report): Screen {
  return {
    id,
    fields: new Map(
      Object.entries(file.fields ?? {}).map(([name, field]) => [
        name,
        compileField(name, field, [...path, 'fields', name], report),
      ]),
    ),
    data: compileValues(file.data ?? {}, [...path, 'data'], report),
    next: compileNext(file.next ?? [], [...path, 'next'], report),
  }
}

function compileValues(
  values: Readonly<Record<string, RawValue>>,
  path: Path,
  report: Report,
): ReadonlyMap<string, CompiledValue> {
  return new Map(
    Object.entries(values).map(([key, raw]) => [key, compileValue(raw, report, [...path, key], { roots: FLOW_ROOTS })]),
  )
}

/** `flow_token` is ours: Meta wants it back unchanged in the final answer. */
function compileAnswer(answer: Readonly<Record<string, RawValue>>, report: Report): ReadonlyMap<string, CompiledValue> {
  if (Object.hasOwn(answer, 'flow_token')) {
    const message = 'flow_token is always part of the final answer: leave it out here'
    report({ severity: 'error', path: ['answer', 'flow_token'], code: 'FG_CONFIG_RESERVED', message, atKey: true })
  }
  return compileValues(answer, ['answer'], report)
}

function compileNext(rules: readonly RuleFile[], path: Path, report: Report): readonly Rule[] {
  const next = rules.map((rule, index) => compileRule(rule, [...path, index], report))
  const last = rules.findIndex(({ when }) => when === undefined)
  if (rules.length > 0 && last === -1) {
    const message = 'next has no last resort: end it with a rule without when, for answers none of its conditions cover'
    report({ severity: 'error', path, code: 'FG_CONFIG_NO_LAST_RESORT', message, atKey: true })
  }
  if (last !== -1 && last < rules.length - 1) {
    const message = `this rule is never reached: rule ${last + 1} before it has no when, so it always matches`
    report({ severity: 'error', path: [...path, last + 1], code: 'FG_CONFIG_RULE_UNREACHABLE', message })
  }
  return next
}

function compileRule(rule: RuleFile, path: Path, report: Report): Rule {
  const when = rule.when && compileCondition(rule.when, report, [...path, 'when'], { roots: FLOW_ROOTS })
  if ((rule.show === undefined) === (rule.submit === undefined)) {
    const message = 'a rule has either show: SCREEN or submit: true'
    report({ severity: 'error', path, code: 'FG_CONFIG_RULE', message })
  }
  const then = rule.show === undefined ? 'submit' : { show: rule.show }
  return when === undefined ? { then } : { when, then }
}

function messagesOf(file: MessagesFile): Messages {
  const words = { ...DEFAULT_MESSAGES, ...file }
  return {
    expired: words.expired,
    sorry: words.sorry,
    busy: words.busy,
    checkAnswers: words.check_answers,
    incomplete: words.incomplete,
    required: words.required,
    invalid: words.invalid,
  }
}
