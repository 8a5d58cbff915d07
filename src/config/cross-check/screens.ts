import { didYouMean } from '../../value/nearest.ts'
import type { Path } from '../issue.ts'
import { misnamedScreens } from './misnamed.ts'
import type { FlowParts } from './parts.ts'
import { reachableScreens } from './reachable.ts'
import { checkTargets } from './targets.ts'

/** Compares the screens of `flow.yaml` with those of the Flow JSON, and `next` with its routing model. */
export function checkScreens(parts: FlowParts): void {
  checkStarts(parts)
  const { file, flow } = parts
  const { screens } = flow.flowJson
  const misnamed = misnamedScreens(parts)
  const reached = reachableScreens(parts, startsOf(parts), misnamed)
  for (const id of Object.keys(file.screens)) {
    if (!screens.has(id)) {
      const message = `screen \`${id}\` is not in the Flow JSON${didYouMean(id, screens.keys())}`
      parts.report({ severity: 'error', path: ['screens', id], code: 'FG_CONFIG_SCREEN_MISSING', message, atKey: true })
    }
    checkTargets(parts, id)
  }
  for (const id of screens.keys()) {
    if (!reached.has(id)) reportUnreachable(parts, id)
    else if (!misnamed.has(id)) checkAsking(parts, id)
  }
}

/** Where a run of the flow may begin. */
export function startsOf({ file }: Pick<FlowParts, 'file'>): readonly string[] {
  return [file.first_screen, ...(file.opens_at ?? []).map(({ show }) => show), ...(file.also_opens_at ?? [])]
}

function checkStarts({ file, flow, report }: FlowParts): void {
  const { screens, entryScreens } = flow.flowJson
  const check = (id: string, path: Path): void => {
    if (!screens.has(id)) {
      if (Object.hasOwn(file.screens, id)) return
      const message = `screen \`${id}\` is not in the Flow JSON${didYouMean(id, screens.keys())}`
      report({ severity: 'error', path, code: 'FG_CONFIG_SCREEN_UNKNOWN', message })
    } else if (!entryScreens.has(id)) {
      const entries = [...entryScreens].join(', ')
      const message = `a flow cannot open at \`${id}\`: other screens lead there. It opens at ${entries || 'none'}`
      report({ severity: 'error', path, code: 'FG_CONFIG_NOT_ENTRY_SCREEN', message })
    }
  }
  check(file.first_screen, ['first_screen'])
  for (const [index, { show }] of (file.opens_at ?? []).entries()) check(show, ['opens_at', index, 'show'])
  for (const [index, id] of (file.also_opens_at ?? []).entries()) check(id, ['also_opens_at', index])
}

function reportUnreachable({ file, flow, report, reportFlowJson }: FlowParts, id: string): void {
  const message = `nobody can reach screen \`${id}\`: no next shows it and no screen navigates to it`
  const finding = { severity: 'error', code: 'FG_CONFIG_SCREEN_UNREACHABLE', message } as const
  if (Object.hasOwn(file.screens, id)) report({ ...finding, path: ['screens', id], atKey: true })
  else reportFlowJson({ ...finding, path: ['screens', [...flow.flowJson.screens.keys()].indexOf(id), 'id'] })
}

function checkAsking({ file, flow, report }: FlowParts, id: string): void {
  const { asksEndpoint: asks = false, exchanges = [] } = flow.flowJson.screens.get(id) ?? {}
  const own = Object.hasOwn(file.screens, id) ? file.screens[id] : undefined
  const path = own === undefined ? ['screens'] : ['screens', id]
  // Where only selections ask, the person leaves the screen without the endpoint.
  const pulls = own?.triggers !== undefined && exchanges.every(({ attribute }) => attribute === 'on-select-action')
  if (asks && own?.next === undefined && !pulls) {
    const message = `screen \`${id}\` asks the endpoint (data_exchange) but has no next: nothing says what follows`
    report({ severity: 'error', path, code: 'FG_CONFIG_NO_NEXT', message, atKey: true })
  }
  if (!asks && own?.next !== undefined) {
    const message = `next of screen \`${id}\` is never used: no action of the screen asks the endpoint (data_exchange)`
    report({ severity: 'advice', path: [...path, 'next'], code: 'FG_CONFIG_NEXT_UNUSED', message, atKey: true })
  }
}
