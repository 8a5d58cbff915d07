import type { Path } from '../config/issue.ts'
import type { RuleFile } from '../config/schema/flow.ts'
import { compileWhen, type Workshop } from './compile-values.ts'
import type { Outcome, Rule } from './model.ts'
import { compileWords, type Words } from './words.ts'

/** Makes the rules of a screen ready to follow. Without a last resort, or behind one, they are mistakes. */
export function compileNext(rules: readonly RuleFile[], path: Path, shop: Workshop): readonly Rule[] {
  const { report } = shop
  const next = rules.map((rule, index) => compileRule(rule, [...path, index], shop))
  // Where nothing was left to go on with, a rule that resumes leads nowhere.
  const last = next.findIndex(({ when, outcome }) => when === undefined && outcome.kind !== 'resume')
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

function compileRule(rule: RuleFile, path: Path, shop: Workshop): Rule {
  const ways = [rule.submit ?? rule.show, rule.escalate, rule.resume].filter((way) => way !== undefined)
  if (ways.length !== 1) {
    const message = 'a rule has one of show: SCREEN, submit: true, escalate: SCREEN, resume: true'
    shop.report({ severity: 'error', path, code: 'FG_CONFIG_RULE', message })
  }
  const { message } = rule
  if (message !== undefined && (rule.show === undefined || rule.submit === true)) {
    const fault = '`message` goes with `show: SCREEN`: nothing else leaves a screen to say it on'
    shop.report({ severity: 'error', path: [...path, 'message'], code: 'FG_CONFIG_RULE', message: fault, atKey: true })
  }
  const words = message === undefined ? undefined : compileWords(message, [...path, 'message'], shop.report)
  return { ...compileWhen(rule.when, path, shop), outcome: outcomeOf(rule, words) }
}

/** Where a rule or way out leads. */
export function outcomeOf(
  { show, submit, escalate, queue, resume }: Omit<RuleFile, 'when' | 'message'>,
  message?: Words,
): Outcome {
  if (resume === true) return { kind: 'resume' }
  if (escalate !== undefined) return { kind: 'escalate', screen: escalate, ...(queue === undefined ? {} : { queue }) }
  if (show === undefined || submit === true) return { kind: 'submit', ...(show === undefined ? {} : { thanks: show }) }
  return { kind: 'show', screen: show, ...(message === undefined ? {} : { message }) }
}

/** Every screen an outcome may show. */
export function screensOf(outcome: Outcome): readonly string[] {
  if (outcome.kind === 'show' || outcome.kind === 'escalate') return [outcome.screen]
  return outcome.kind === 'submit' && outcome.thanks !== undefined ? [outcome.thanks] : []
}
