import type { JsonObject } from '../plugin/json.ts'
import { ValueError } from '../value/value-error.ts'
import type { Refusal } from './check-answers.ts'
import { basisOf } from './check-outcome.ts'
import type { Inquiry } from './inquiry.ts'
import { pathsOfAsk } from './inquiry.ts'
import type { Check, Flow } from './model.ts'
import type { CheckOutcome, Session } from './session.ts'

/** What the checks of a screen came to. */
export interface Checked {
  /** Outcomes by id, to be remembered. */
  readonly outcomes: Readonly<Record<string, CheckOutcome>>
  /** Refusals by field, of checks that stand at one. */
  readonly refused: ReadonlyMap<string, Refusal>
  /** The refusal of the first failed check that stands at no field. */
  readonly snackbar: Refusal | undefined
}

/** Runs these checks on the session's answers, all their questions side by side. One whose `when` does not hold is passed over. */
export async function runChecks(
  flow: Flow,
  session: Session,
  screen: string,
  checks: readonly Check[],
  inquiry: Inquiry,
): Promise<Checked> {
  let scope = await inquiry.scope(session, screen, checks.flatMap(pathsOfCheck))
  const flagged = new Set(inquiry.flags)
  const outcomes: Record<string, CheckOutcome> = {}
  const refused = new Map<string, Refusal>()
  let snackbar: Refusal | undefined
  for (const check of checks) {
    if (check.when?.test(scope) === false) continue
    // Its source could not answer, and the flow chose to go on without.
    const excused = asksOfCheck(flow, check).some((name) => flagged.has(name))
    const ok = excused || check.that.test(scope)
    const words = ok ? check.okMessage : check.message
    const message = await words?.say(scope, session.language)
    const value = ok ? await outcomeValue(check, scope) : undefined
    const outcome = { ok, ...(message === undefined ? {} : { message }), ...(value === undefined ? {} : { value }) }
    outcomes[check.id] = { ...outcome, basis: basisOf(check, session.form) }
    // Those that follow may build on it.
    scope = { ...scope, checks: { ...scope.checks, [check.id]: outcome } }
    if (ok) continue
    const refusal = { words: check.message, own: true }
    if (check.field === undefined) snackbar ??= refusal
    else if (!refused.has(check.field)) refused.set(check.field, refusal)
  }
  return { outcomes, refused, snackbar }
}

/** The form's fields and the other checks that a check judges by, itself and through the questions it asks. */
export function judgedBy(
  flow: Pick<Flow, 'asks' | 'values'>,
  paths: readonly string[],
): Pick<Check, 'judges' | 'buildsOn'> {
  const fields = new Set<string>()
  const checks = new Set<string>()
  const seen = new Set<string>()
  const open = [...paths]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const [root, name = ''] = path.split('.')
    if (root === 'form') fields.add(name)
    if (root === 'checks') checks.add(name)
    const needed = neededBy(flow, root, name)
    if (needed.length === 0 || seen.has(`${root}.${name}`)) continue
    seen.add(`${root}.${name}`)
    open.push(...needed)
  }
  return { judges: [...fields].sort(), buildsOn: [...checks] }
}

/** What a named ask or value refers to in its turn. */
function neededBy(
  { asks, values }: Pick<Flow, 'asks' | 'values'>,
  root: string | undefined,
  name: string,
): readonly string[] {
  if (root === 'values') return values.get(name)?.paths ?? []
  const ask = root === 'asked' ? asks.get(name) : undefined
  return ask === undefined ? [] : pathsOfAsk(ask)
}

/** Every path a check refers to. */
export function pathsOfCheck({
  that,
  when,
  message,
  okMessage,
  value,
}: Omit<Check, 'judges' | 'buildsOn'>): readonly string[] {
  return [that, when, message, okMessage, value].flatMap((part) => part?.paths ?? [])
}

function asksOfCheck(flow: Flow, { that }: Check): readonly string[] {
  const found = new Set<string>()
  const open = [...that.paths]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const [root, name = ''] = path.split('.')
    if (found.has(`${root}.${name}`)) continue
    found.add(`${root}.${name}`)
    open.push(...neededBy(flow, root, name))
  }
  return [...found].filter((path) => path.startsWith('asked.')).map((path) => path.slice('asked.'.length))
}

/** A value that cannot be worked out must not decide whether a check holds. */
async function outcomeValue(
  check: Check,
  scope: Parameters<Check['that']['test']>[0],
): Promise<JsonObject[string] | undefined> {
  try {
    return await check.value?.evaluate(scope)
  } catch (error) {
    if (error instanceof ValueError) return undefined
    throw error
  }
}
