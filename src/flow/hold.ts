import type { Json, JsonObject } from '../plugin/json.ts'
import { canonicalText, sha256 } from '../value/hash.ts'
import type { Scope } from '../value/scope.ts'
import { ValueError } from '../value/value-error.ts'
import type { Reservation } from './asking.ts'
import type { Refusal } from './check-answers.ts'
import { Diversion, parametersOf } from './inquiry.ts'
import type { Reserve, Screen } from './model.ts'
import { PaintError } from './paint.ts'
import type { Session } from './session.ts'
import type { Turn } from './turn.ts'

/** What became of everything a screen reserves. */
export type Held =
  | { readonly kind: 'held'; readonly session: Session; readonly givesBack: readonly Reservation[] }
  | { readonly kind: 'taken'; readonly fields: ReadonlyMap<string, Refusal>; readonly snackbar: Refusal | undefined }

/**
 * Holds what a screen reserves for its person. What is held already stays; another choice gives the earlier one back once
 * the step is stored. Where somebody else was first, lists are asked for anew.
 */
export async function hold({ flow, inquiry }: Turn, screen: Screen, answered: Session): Promise<Held> {
  if (screen.reserves.size === 0) return { kind: 'held', session: answered, givesBack: [] }
  const paths = [...screen.reserves.values()].flatMap((each) => [...each.with.values()].flatMap((value) => value.paths))
  const scope = await inquiry.scope(answered, screen.id, paths)
  const reservations: Record<string, Reservation> = { ...answered.progress.reservations }
  const givesBack: Reservation[] = []
  const flags = new Set(answered.progress.flags)
  for (const [name, reserve] of screen.reserves) {
    const before = reservations[name]
    const parameters = await wantedBy(reserve, scope, screen)
    if (parameters !== undefined && before !== undefined && isSame(before.parameters, parameters)) continue
    if (before !== undefined) givesBack.push(before)
    delete reservations[name]
    if (parameters === undefined) continue
    const wanted = {
      key: keyOf(answered, name, canonicalText(parameters)),
      source: reserve.source,
      reserve: reserve.reserve,
      release: reserve.release,
      parameters,
    }
    const reserved = await inquiry.reserve(wanted, answered)
    if (reserved.kind === 'taken') {
      inquiry.beginAnew()
      return { kind: 'taken', ...told(reserve) }
    }
    if (reserved.kind === 'unavailable') {
      if (reserved.fallback !== 'accept_and_flag') {
        throw new Diversion(name, { kind: 'message', words: reserved.fallback?.message ?? flow.messages.sorry })
      }
      flags.add(name)
    } else {
      reservations[name] = { ...wanted, ...(isKept(reserved.value) ? { value: reserved.value } : {}) }
    }
  }
  const choices = answered.progress.choices + givesBack.length
  const progress = { ...answered.progress, reservations, choices, flags: [...flags] }
  return { kind: 'held', session: { ...answered, progress }, givesBack }
}

/** The session carries it through every exchange: a number or a few words, not a catalogue. */
const LONGEST_VALUE = 4096

function isKept(value: Json): boolean {
  return value !== null && JSON.stringify(value).length <= LONGEST_VALUE
}

/** Where it is told that somebody else was first: at the field, else in a snackbar. */
function told({ field, taken }: Reserve): Pick<Extract<Held, { kind: 'taken' }>, 'fields' | 'snackbar'> {
  const refusal = { words: taken, own: true }
  if (field === undefined) return { fields: new Map(), snackbar: refusal }
  return { fields: new Map([[field, refusal]]), snackbar: undefined }
}

/** What is to be held. What cannot be worked out is no reason to go on without holding anything. */
async function wantedBy(reserve: Reserve, scope: Scope, { id }: Screen): Promise<JsonObject | undefined> {
  try {
    return await parametersOf(reserve.with, scope)
  } catch (error) {
    throw error instanceof ValueError ? new PaintError(id, '', error) : error
  }
}

/**
 * Fields that were selected anew after their screen reserved what they said, without its button: somebody else may have what
 * they say now. Only where nothing but answers of that screen says what is reserved.
 */
export async function unheldAnswers({ flow, request, inquiry }: Turn, answered: Session): Promise<readonly string[]> {
  const unheld: string[] = []
  for (const screen of flow.screens.values()) {
    for (const [name, reserve] of screen.id === request.screen ? [] : screen.reserves) {
      const held = answered.progress.reservations[name]
      const paths = [...reserve.with.values()].flatMap((value) => value.paths)
      const fields = paths.map((path) => path.slice('form.'.length))
      const own = paths.every((path) => path.startsWith('form.')) && fields.every((field) => screen.fields.has(field))
      if (held === undefined || !own || fields.some((field) => answered.form[field] === undefined)) continue
      const wanted = await wantedBy(reserve, await inquiry.scope(answered, screen.id, paths), screen)
      if (wanted !== undefined && !isSame(held.parameters, wanted)) unheld.push(...fields)
    }
  }
  return unheld
}

/** The same for the same choice of the same run, and another one for everybody else. */
function keyOf({ id, progress }: Session, name: string, parameters: string): string {
  return sha256(['reservation', id, name, String(progress.choices), parameters].join('\n')).toString('base64url')
}

function isSame(one: Reservation['parameters'], other: Reservation['parameters']): boolean {
  return canonicalText(one) === canonicalText(other)
}
