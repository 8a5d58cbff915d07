import type { JsonObject } from '../../plugin/json.ts'
import { didYouMean } from '../../value/nearest.ts'
import { EMPTY_SCOPE } from '../../value/scope.ts'
import { ValueError } from '../../value/value-error.ts'
import { SNACKBAR_KEY } from '../../whatsapp/data-check.ts'
import type { FlowJsonScreen } from '../../whatsapp/flow-json.ts'
import type { Path } from '../issue.ts'
import { misnamedScreens } from './misnamed.ts'
import type { FlowParts } from './parts.ts'
import { screensShown } from './reachable.ts'
import { startsOf } from './screens.ts'

/** Compares each screen's `data` with what the Flow JSON declares: no key too many, none missing, constants of the right type. */
export async function checkScreenData(parts: FlowParts): Promise<void> {
  const { file, flow, report } = parts
  for (const [id, screen] of flow.flowJson.screens) {
    for (const key of Object.keys(file.screens[id]?.data ?? {})) {
      const wrong = keyFault(key, screen)
      const at = { path: ['screens', id, 'data', key], atKey: true } as const
      if (wrong === undefined) await checkConstant(parts, screen, key)
      else report({ severity: 'error', ...at, ...wrong })
    }
  }
  const misnamed = misnamedScreens(parts)
  for (const id of screensShown(parts, startsOf(parts))) if (!misnamed.has(id)) checkMissing(parts, id)
}

function keyFault(key: string, screen: FlowJsonScreen): { code: string; message: string } | undefined {
  if (!screen.dataKeys.has(key)) {
    const message = `screen \`${screen.id}\` declares no data key \`${key}\`${didYouMean(key, screen.dataKeys)}`
    return { code: 'FG_CONFIG_DATA_UNDECLARED', message }
  }
  if (!screen.errorMessagesKeys.has(key) && !screen.errorMessageKeys.has(key)) return undefined
  const message = `data key \`${key}\` shows errors, so the gateway fills it: leave it out`
  return { code: 'FG_CONFIG_DATA_FILLED', message }
}

/** A value that refers to nothing is the same for everyone, so it can be checked now. */
async function checkConstant({ flow, report }: FlowParts, screen: FlowJsonScreen, key: string): Promise<void> {
  const value = flow.screens.get(screen.id)?.data.get(key)
  if (value === undefined || value.paths.length > 0) return
  const path: Path = ['screens', screen.id, 'data', key]
  const problem = (at: Path, message: string): void =>
    report({ severity: 'error', path: at, code: 'FG_CONFIG_DATA_MISFIT', message })
  try {
    const constant = await value.evaluate(EMPTY_SCOPE)
    if (constant === undefined) return
    const data: JsonObject = { [key]: constant }
    for (const fault of screen.check(data)) {
      const parts = fault.path.split('.')
      if (parts[0] !== key) continue
      problem([...path, ...parts.slice(1)], `\`${fault.path}\` of screen \`${screen.id}\` ${fault.message}`)
    }
    const most = screen.listLimits.get(key)
    if (most !== undefined && Array.isArray(constant) && constant.length > most) {
      problem(path, `\`${key}\` of screen \`${screen.id}\` has ${constant.length} items: Meta shows ${most} at most`)
    }
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    problem(path, `\`${key}\` of screen \`${screen.id}\` cannot be worked out: ${error.message}`)
  }
}

function checkMissing({ file, flow, report }: FlowParts, id: string): void {
  const screen = flow.flowJson.screens.get(id)
  if (screen === undefined) return
  const own = Object.hasOwn(file.screens, id) ? file.screens[id] : undefined
  const filled = new Set([
    SNACKBAR_KEY,
    ...screen.errorMessagesKeys,
    ...screen.errorMessageKeys.keys(),
    ...screen.initValuesKeys,
    ...screen.initValueKeys.keys(),
    ...Object.keys(own?.data ?? {}),
  ])
  const missing = [...screen.dataKeys].filter((key) => !filled.has(key))
  if (missing.length === 0) return
  const path = own === undefined ? ['screens'] : own.data === undefined ? ['screens', id] : ['screens', id, 'data']
  const names = missing.join(', ')
  const message = `screen \`${id}\` declares ${names} in the Flow JSON, but its data gives no value for ${missing.length === 1 ? 'it' : 'them'}`
  report({ severity: 'error', path, code: 'FG_CONFIG_DATA_MISSING', message, atKey: true })
}
