import { didYouMean, nearest } from '../../value/nearest.ts'
import type { Path } from '../issue.ts'
import type { ScreenFile } from '../schema/flow.ts'
import type { FlowParts } from './parts.ts'
import { fieldNames } from './references.ts'

/** Names that checks, reservations and triggers have and use. */
export function checkChecks(parts: FlowParts): void {
  checkUnique(parts)
  for (const [id, screen] of Object.entries(parts.file.screens)) {
    checkFields(parts, id, screen)
    checkTriggers(parts, id, screen)
    adviseOnIdle(parts, id, screen)
  }
}

/** `checks.<id>` and `session.reservations.<name>` are of the whole flow, so each stands for one thing. */
function checkUnique({ file, report }: FlowParts): void {
  const seen = new Map<string, string>()
  const check = (what: string, name: string, screen: string, path: Path, atKey: boolean): void => {
    const first = seen.get(`${what} ${name}`)
    seen.set(`${what} ${name}`, first ?? screen)
    if (first === undefined) return
    const where = first === screen ? 'this screen' : `screen \`${first}\``
    const message = `${what} \`${name}\` is on ${where} already: every ${what} of a flow has its own name`
    report({ severity: 'error', path, code: 'FG_CONFIG_NAME_TWICE', message, atKey })
  }
  for (const [screen, { checks = [], reserves = {} }] of Object.entries(file.screens)) {
    for (const [index, { id }] of checks.entries()) {
      check('check', id, screen, ['screens', screen, 'checks', index, 'id'], false)
    }
    for (const name of Object.keys(reserves)) {
      check('reservation', name, screen, ['screens', screen, 'reserves', name], true)
    }
  }
}

/** A message can only stand at a field of its own screen. */
function checkFields({ report }: FlowParts, id: string, { fields = {}, checks = [], reserves = {} }: ScreenFile): void {
  const known = Object.keys(fields)
  const check = (field: string | undefined, path: Path): void => {
    if (field === undefined || known.includes(field)) return
    const message = `screen \`${id}\` has no field \`${field}\`${didYouMean(field, known)}`
    report({ severity: 'error', path: [...path, 'field'], code: 'FG_CONFIG_FIELD_UNKNOWN', message })
  }
  for (const [index, { field }] of checks.entries()) check(field, ['screens', id, 'checks', index])
  for (const [name, { field }] of Object.entries(reserves)) check(field, ['screens', id, 'reserves', name])
}

function checkTriggers(parts: FlowParts, id: string, { triggers = [], checks = [] }: ScreenFile): void {
  const { report } = parts
  const own = checks.map((check) => check.id)
  const fields = fieldNames(parts)
  for (const [index, trigger] of triggers.entries()) {
    const at = ['screens', id, 'triggers', index]
    for (const [place, name] of (trigger.checks ?? []).entries()) {
      if (own.includes(name)) continue
      const message = `screen \`${id}\` has no check \`${name}\`${didYouMean(name, own)}`
      report({ severity: 'error', path: [...at, 'checks', place], code: 'FG_CONFIG_CHECK_UNKNOWN', message })
    }
    for (const [place, name] of (trigger.clear ?? []).entries()) {
      if (fields.has(name)) continue
      const message = `\`${name}\` is no field of any screen${didYouMean(name, fields)}`
      report({ severity: 'error', path: [...at, 'clear', place], code: 'FG_CONFIG_FIELD_UNKNOWN', message })
    }
  }
}

/** A check that is left out on submit runs only where a trigger names it. */
function adviseOnIdle({ report }: FlowParts, id: string, { triggers = [], checks = [] }: ScreenFile): void {
  const own = checks.map((check) => check.id)
  const run = triggers
    .flatMap((trigger) => trigger.checks ?? [])
    .map((name) => (own.includes(name) ? name : nearest(name, own)))
  for (const [index, check] of checks.entries()) {
    if (check.on_submit !== false || run.includes(check.id)) continue
    const message = `check \`${check.id}\` never runs: \`on_submit\` is false and no trigger of screen \`${id}\` names it`
    report({ severity: 'advice', path: ['screens', id, 'checks', index], code: 'FG_CONFIG_CHECK_UNUSED', message })
  }
}
