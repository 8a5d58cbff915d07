import type { Path } from '../issue.ts'
import type { FlowFile } from '../schema/flow.ts'
import type { FlowParts } from './parts.ts'

/** What rules, ways out and repeated screens say beside the screens they name. */
export function checkWays(parts: FlowParts): void {
  checkQueues(parts)
  checkResume(parts)
  checkRepeats(parts)
  checkKept(parts)
}

/** A queue is where people take over: without that nobody would ever look into it. */
function checkQueues({ file, report }: FlowParts): void {
  const check = (way: { queue?: string; escalate?: string } | undefined, path: Path): void => {
    if (way?.queue === undefined || way.escalate !== undefined) return
    const message = '`queue` belongs to `escalate`: nobody takes over here'
    report({ severity: 'error', path: [...path, 'queue'], code: 'FG_CONFIG_RULE', message, atKey: true })
  }
  for (const [id, { next = [], way_out }] of Object.entries(file.screens)) {
    for (const [index, rule] of next.entries()) check(rule, ['screens', id, 'next', index])
    check(way_out, ['screens', id, 'way_out'])
  }
}

function checkResume({ file, flow, report }: FlowParts): void {
  const rules = Object.entries(file.screens).flatMap(([id, { next = [] }]) =>
    next.flatMap(({ resume }, index) => (resume === true ? [['screens', id, 'next', index, 'resume']] : [])),
  )
  if (!flow.resume.offer) {
    const message = '`resume: true` leads nowhere: it needs `sessions: { resume: offer }`'
    for (const path of rules) report({ severity: 'error', path, code: 'FG_CONFIG_RESUME', message, atKey: true })
  } else if (rules.length === 0) {
    const message = '`offer` comes to nothing: no rule has `resume: true`, so nobody can go on where they left'
    report({ severity: 'advice', path: ['sessions', 'resume'], code: 'FG_CONFIG_RESUME', message })
  }
}

/** A repeated screen collects a list of its fields, under a name that no single answer may have. */
function checkRepeats({ file, report }: FlowParts): void {
  for (const [id, { repeat, fields = {} }] of Object.entries(file.screens)) {
    if (repeat === undefined) continue
    const problem = (path: Path, message: string, atKey = false): void =>
      report({ severity: 'error', path, code: 'FG_CONFIG_REPEAT', message, atKey })
    const at = ['screens', id, 'repeat']
    if (Object.keys(fields).length === 0) problem(at, `screen \`${id}\` has no fields to repeat`, true)
    for (const [other, screen] of Object.entries(file.screens)) {
      const type = Object.hasOwn(screen.fields ?? {}, repeat.into) ? screen.fields?.[repeat.into]?.type : undefined
      if (type === undefined || type === 'json') continue
      const message = `\`form.${repeat.into}\` is a field of type ${type} on screen \`${other}\`: collect the list under another name`
      problem([...at, 'into'], message)
    }
    checkShared(file, id, problem)
  }
}

/** A round moves its answers into the list: one that another screen has by the same name would go with them. */
function checkShared(
  file: FlowFile,
  id: string,
  problem: (path: Path, message: string, atKey?: boolean) => void,
): void {
  for (const [other, screen] of Object.entries(file.screens)) {
    if (other === id) continue
    for (const name of Object.keys(file.screens[id]?.fields ?? {})) {
      if (name === file.screens[id]?.repeat?.into || !Object.hasOwn(screen.fields ?? {}, name)) continue
      const message = `\`${name}\` is a field of screen \`${other}\` too, whose answer each round would take away: give one of them another name`
      problem(['screens', id, 'fields', name], message, true)
    }
  }
}

/** What is kept is worked out: under the name of a field it would be whatever a phone sends. */
function checkKept({ file, report }: FlowParts): void {
  const fields = new Set(Object.values(file.screens).flatMap((screen) => Object.keys(screen.fields ?? {})))
  for (const [id, { keep = {} }] of Object.entries(file.screens)) {
    for (const name of Object.keys(keep)) {
      if (!fields.has(name)) continue
      const message = `\`form.${name}\` is a field, which phones fill: keep the value under another name`
      report({ severity: 'error', path: ['screens', id, 'keep', name], code: 'FG_CONFIG_KEEP', message, atKey: true })
    }
  }
}
