import type { LoadResult } from '../config/load.ts'
import { type ConfigOption, readConfiguration } from './configuration.ts'
import type { Outcome } from './outcome.ts'

/** Checks a configuration folder without its secrets. Not ok where there is any error; advice never fails a check. */
export async function checkConfiguration(
  options: ConfigOption,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Outcome> {
  const { result, describeIssue } = await readConfiguration(options, env, 'placeholder')
  const issues = result.issues.map((issue) => ({ ...issue }))
  const lines = result.issues.map(describeIssue)
  return { ok: result.ok, text: [...lines, summary(result)].join('\n'), json: { ok: result.ok, issues } }
}

function summary(result: LoadResult): string {
  const errors = result.issues.filter(({ severity }) => severity === 'error').length
  const advice = result.issues.length - errors
  const hints = advice === 0 ? '' : `, ${count(advice, 'piece')} of advice`
  if (!result.ok) return `${count(errors, 'error')}${hints}.`
  const { flows, destinations } = result.configuration
  return `The configuration is right: ${count(flows.size, 'flow')}, ${count(destinations.size, 'destination')}${hints}.`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
