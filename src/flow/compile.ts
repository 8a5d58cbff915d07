import type { Path, Report } from '../config/issue.ts'
import {
  DEFAULT_IDLE_EXPIRY,
  DEFAULT_MESSAGES,
  DEFAULT_PURGE_AFTER,
  DEFAULT_VERSION_KEY,
} from '../config/schema/defaults.ts'
import type { FlowFile, MessagesFile } from '../config/schema/flow.ts'
import type { RawValue } from '../config/schema/value.ts'
import { compileCondition } from '../value/condition.ts'
import { parseDuration } from '../value/duration.ts'
import { FLOW_ROOTS } from '../value/options.ts'
import type { CompiledValue } from '../value/scope.ts'
import type { FlowJson } from '../whatsapp/flow-json.ts'
import { compileAsk } from './compile-ask.ts'
import { compileScreen } from './compile-screen.ts'
import { compileValues, type Workshop } from './compile-values.ts'
import { dayIn } from './day.ts'
import type { Flow, Messages } from './model.ts'
import { screensBefore } from './screens-before.ts'
import { compileWords } from './words.ts'

/** What a flow is made of beside its `flow.yaml`. */
export interface FlowMaterial {
  readonly flowJson: FlowJson
  /** Where a path of `flow.yaml` stands, as `file:line:column`. */
  place(path: Path): string
  /** The flow's own pictures: file name → base64. */
  readonly images: ReadonlyMap<string, string>
}

/**
 * Makes a `flow.yaml` that fits its schema ready to run. Findings carry paths inside that file; after an error the result
 * is only good for finding more errors. Whether it fits its Flow JSON is the cross-check's affair.
 */
export function compileFlow(file: FlowFile, { flowJson, place, images }: FlowMaterial, report: Report): Flow {
  const seconds = (key: 'idle_expiry' | 'purge_after', standard: string): number =>
    readDuration(file.sessions?.[key] ?? standard, ['sessions', key], report)
  const shop: Workshop = { report, images }
  const asks = new Map(
    Object.entries(file.asks ?? {}).map(([name, ask]) => [name, compileAsk(name, ask, ['asks', name], shop)]),
  )
  const values = compileValues(file.values ?? {}, ['values'], shop)
  const screens = new Map(
    Object.entries(file.screens).map(([id, screen]) => [
      id,
      compileScreen(id, screen, { asks, values, flowJson }, ['screens', id], shop),
    ]),
  )
  const resume = [file.sessions?.resume ?? []].flat()
  return {
    name: file.flow,
    title: file.title,
    version: file.version,
    versionKey: file.version_key ?? DEFAULT_VERSION_KEY,
    tokens: file.tokens ?? 'any',
    firstScreen: file.first_screen,
    opensAt: (file.opens_at ?? []).map(({ when, show }, index) => ({
      when: compileCondition(when, report, ['opens_at', index, 'when'], { roots: FLOW_ROOTS }),
      screen: show,
    })),
    language: file.language,
    dayOf: readTimeZone(file.time_zone, report),
    variants: readVariants(file.variants ?? {}, report),
    idleExpirySeconds: seconds('idle_expiry', DEFAULT_IDLE_EXPIRY),
    purgeAfterSeconds: seconds('purge_after', DEFAULT_PURGE_AFTER),
    resume: { offer: resume.includes('offer'), person: resume.includes('person') },
    staleClient: file.sessions?.stale_client ?? 'accept',
    screens,
    asks,
    values,
    person: compileValues(file.person ?? {}, ['person'], shop),
    before: screensBefore(screens, flowJson, startsOf(file)),
    messages: messagesOf(file.messages ?? {}, report),
    expiredBody: file.expired_body ?? 'sealed',
    answer: compileAnswer(file.answer ?? {}, shop),
    flowJson,
    place,
  }
}

/** Where a run of the flow may begin. */
function startsOf(file: Pick<FlowFile, 'first_screen' | 'opens_at' | 'also_opens_at'>): readonly string[] {
  return [file.first_screen, ...(file.opens_at ?? []).map(({ show }) => show), ...(file.also_opens_at ?? [])]
}

function readDuration(text: string, path: Path, report: Report): number {
  const seconds = parseDuration(text)
  if (seconds === undefined) {
    const message = `"${text}" is not a duration: write a whole number and s, m, h or d, for example 30m or 48h`
    report({ severity: 'error', path, code: 'FG_CONFIG_DURATION', message })
  }
  return seconds ?? 0
}

function readTimeZone(name: string | undefined, report: Report): (now: Date) => string {
  try {
    return dayIn(name ?? 'UTC')
  } catch {
    const message = `"${name}" is no time zone: write a name such as Europe/Berlin or America/Sao_Paulo`
    report({ severity: 'error', path: ['time_zone'], code: 'FG_CONFIG_TIME_ZONE', message })
    return dayIn('UTC')
  }
}

function readVariants(variants: Readonly<Record<string, number>>, report: Report): Flow['variants'] {
  const weighted = Object.entries(variants).map(([name, weight]) => ({ name, weight }))
  if (weighted.length > 0 && !weighted.some(({ weight }) => weight > 0)) {
    const message = 'no variant has a weight above 0: nobody would get any'
    report({ severity: 'error', path: ['variants'], code: 'FG_CONFIG_VARIANTS', message })
  }
  return weighted
}

/** `flow_token` is ours: Meta wants it back unchanged in the final answer. */
function compileAnswer(answer: Readonly<Record<string, RawValue>>, shop: Workshop): ReadonlyMap<string, CompiledValue> {
  if (Object.hasOwn(answer, 'flow_token')) {
    const message = 'flow_token is always part of the final answer: leave it out here'
    shop.report({ severity: 'error', path: ['answer', 'flow_token'], code: 'FG_CONFIG_RESERVED', message, atKey: true })
  }
  return compileValues(answer, ['answer'], shop)
}

function messagesOf(file: MessagesFile, report: Report): Messages {
  const words = { ...DEFAULT_MESSAGES, ...file }
  const said = (key: keyof typeof words) => compileWords(words[key], ['messages', key], report)
  return {
    expired: said('expired'),
    sorry: said('sorry'),
    busy: said('busy'),
    checkAnswers: said('check_answers'),
    incomplete: said('incomplete'),
    required: said('required'),
    invalid: said('invalid'),
    moved: said('moved'),
  }
}
