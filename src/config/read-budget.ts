import type { AccountBudgets, BudgetLimit } from '../plugin/definition.ts'
import { parseDuration } from '../value/duration.ts'
import { didYouMean } from '../value/nearest.ts'
import type { DestinationSettings } from './configuration.ts'
import type { ConfiguredPlugin } from './configured-plugin.ts'
import type { Path, Report } from './issue.ts'

const LONGEST_SECONDS = 86_400

/** Reads `budget` of one destination: what stands in place of the limits that its plugin knows, and nothing else. */
export function readBudget(
  written: Readonly<Record<string, string>> | undefined,
  plugin: Pick<ConfiguredPlugin, 'description' | 'config' | 'sound'>,
  path: Path,
  report: Report,
): Pick<DestinationSettings, 'budget'> {
  if (written === undefined) return {}
  const known = classesOf(plugin)
  const budget = new Map<string, BudgetLimit | 'unlimited'>()
  for (const [name, text] of Object.entries(written)) {
    if (known !== undefined && !known.includes(name)) report(unknownClass(name, known, [...path, name]))
    const limit = parseLimit(text)
    if (limit !== undefined) budget.set(name, limit)
    else {
      const message = `"${text}" is no budget: write requests and a time of at most one day, for example 190/10s or 5/s, or \`unlimited\``
      report({ severity: 'error', path: [...path, name], code: 'FG_CONFIG_BUDGET', message })
    }
  }
  return { budget }
}

/** `undefined` where the plugin cannot be asked: it is not there, or its settings do not fit. */
function classesOf({ description, config, sound }: Parameters<typeof readBudget>[1]): readonly string[] | undefined {
  if (description === undefined || !sound) return undefined
  try {
    const told: AccountBudgets | undefined = description.budgets?.(config)
    return Object.keys(told?.limits ?? {})
  } catch {
    // Settings without their secrets may be too little for it; with them the registry says what is wrong.
    return undefined
  }
}

function unknownClass(name: string, known: readonly string[], path: Path) {
  const hint =
    didYouMean(name, known) || (known.length === 0 ? ': it limits nothing' : `: there is ${known.join(', ')}`)
  const message = `the plugin counts no requests of the class \`${name}\`${hint}`
  return { severity: 'error', path, code: 'FG_CONFIG_BUDGET_CLASS', message, atKey: true } as const
}

function parseLimit(text: string): BudgetLimit | 'unlimited' | undefined {
  if (text === 'unlimited') return text
  const { requests, time = '' } = /^(?<requests>[1-9]\d{0,6})\/(?<time>\d*[smhd])$/u.exec(text)?.groups ?? {}
  const perSeconds = parseDuration(/^\d/u.test(time) ? time : `1${time}`)
  if (requests === undefined || perSeconds === undefined || perSeconds > LONGEST_SECONDS) return undefined
  return { requests: Number(requests), perSeconds }
}
