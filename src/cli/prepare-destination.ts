import { type Asking, prepareDestination as prepareAtVendor } from '../deliver/ask.ts'
import type { Preparation } from '../plugin/index.ts'
import { agree } from './agree.ts'
import { atVendors, requireDestination } from './at-vendors.ts'
import { type ConfigOption, configurationWithSecrets } from './configuration.ts'
import type { Outcome } from './outcome.ts'
import { resumePrepared } from './resume-prepared.ts'
import type { Terminal } from './terminal.ts'

export interface PrepareOptions extends ConfigOption {
  readonly yes?: boolean
  readonly json?: boolean
}

/**
 * Shows what exactly-once needs at a vendor, makes what is missing, after asking or with `--yes`, and says how a person does
 * the rest; its deliveries then go on at once. Not ok while something is missing.
 */
export async function prepareDestination(name: string, options: PrepareOptions, terminal: Terminal): Promise<Outcome> {
  const inForce = await configurationWithSecrets(options, terminal.env)
  requireDestination(name, inForce)
  const { preparations, agreed } = await atVendors(inForce, options, terminal.env, (asking) =>
    prepare(asking, name, options, terminal),
  )
  const outcome = outcomeOf(name, preparations, agreed)
  const note = agreed && outcome.ok ? await resumePrepared(name, terminal.env) : undefined
  return note === undefined ? outcome : { ...outcome, note }
}

async function prepare(asking: Asking, name: string, options: PrepareOptions, terminal: Terminal) {
  const found = await prepareAtVendor(asking, name, { apply: false })
  const missing = found.filter(isMakeable).map(({ description }) => `  ${description}`)
  if (missing.length === 0) return { preparations: found, agreed: options.yes === true }
  const agreed = await agree(['Missing:', ...missing], 'Make it now?', options, terminal)
  return { preparations: agreed ? await prepareAtVendor(asking, name, { apply: true }) : found, agreed }
}

function isMakeable({ done, byHand }: Preparation): boolean {
  return !done && byHand === undefined
}

function outcomeOf(name: string, preparations: readonly Preparation[], agreed: boolean): Outcome {
  if (preparations.length === 0) {
    return { ok: true, text: `${name} needs nothing prepared.`, json: { ok: true, preparations: [] } }
  }
  const ok = preparations.every(({ done }) => done)
  const lines = preparations.flatMap(({ description, done, byHand }) => [
    `${done ? '✓' : '✗'} ${description}`,
    ...(done || byHand === undefined ? [] : byHand.split('\n').map((line) => `    ${line}`)),
  ])
  const list = preparations.map(({ description, done, byHand }) => ({
    description,
    done,
    ...(byHand === undefined ? {} : { by_hand: byHand }),
  }))
  const text = [...lines, ...verdict(name, preparations, agreed)].join('\n')
  return { ok, text, json: { ok, preparations: list } }
}

function verdict(name: string, preparations: readonly Preparation[], agreed: boolean): readonly string[] {
  const missing = preparations.filter(({ done }) => !done)
  if (missing.length === 0) return [`${name} is prepared.`]
  const makeable = missing.some(isMakeable)
  return [
    ...(makeable && !agreed ? ['Nothing was made. Run again with --yes to make what is missing.'] : []),
    ...(makeable && agreed ? ['Not all of it could be made: follow what stands beside it, then run this again.'] : []),
    ...(missing.every(isMakeable) ? [] : ['The indented steps are done by hand; then run this again.']),
  ]
}
