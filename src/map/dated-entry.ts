import type { Json } from '../plugin/json.ts'
import { asText, isBlank } from '../value/text.ts'

/**
 * What stands in a field with `[2026-11-21 14:03] text` on a line of its own below, the time in UTC; `undefined` where the
 * entry stands there already, in whatever spacing the CRM keeps it.
 */
export function withEntry(standing: Json | undefined, text: string, at: Date): string | undefined {
  const entry = `[${at.toISOString().slice(0, 16).replace('T', ' ')}] ${text.trim()}`
  if (isBlank(standing)) return entry
  const before = asText(standing ?? null)
  if (`\n${lines(before)}\n`.includes(`\n${lines(entry)}\n`)) return undefined
  return `${before.replace(/\s+$/u, '')}\n${entry}`
}

/** Of a field with dated entries the last one alone; `…` stands for whatever is before it. */
export function lastEntry(whole: string): string {
  return whole.replace(/^[\s\S]*\n(?=\[\d{4}-\d{2}-\d{2} \d{2}:\d{2}\] )/u, '…\n')
}

/** Lines without the spaces that a CRM may add or take away. */
function lines(text: string): string {
  return text
    .split(/\r\n|\r|\n/u)
    .map((line) => line.trim().replace(/\s+/gu, ' '))
    .filter((line) => line !== '')
    .join('\n')
}
