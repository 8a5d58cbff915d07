import { toE164 } from './phone.ts'

/** How the numbers of one country are written in two ways. */
interface Habit {
  readonly pattern: RegExp
  /** The other spelling of a number that fits the pattern. */
  readonly other: (number: string) => string
}

/**
 * Brazil gave its mobile numbers a ninth digit, a 9 in front of those that begin with 6 to 9; landlines have none. WhatsApp
 * and old address books leave it out.
 */
const BRAZIL_OLD = /^\+55(\d{2})([6-9]\d{7})$/u
const BRAZIL_NEW = /^\+55(\d{2})9([6-9]\d{7})$/u
/** Mexico had a 1 after the country code for mobile numbers until 2019; WhatsApp keeps it. */
const MEXICO_OLD = /^\+521(\d{10})$/u
const MEXICO_NEW = /^\+52(\d{10})$/u
/** Argentina has a 9 after the country code for mobile numbers reached from abroad; people leave it out. */
const ARGENTINA_ABROAD = /^\+549(\d{10})$/u
const ARGENTINA_HOME = /^\+54([1-8]\d{9})$/u

const HABITS: readonly Habit[] = [
  { pattern: BRAZIL_OLD, other: (number) => number.replace(BRAZIL_OLD, '+55$19$2') },
  { pattern: BRAZIL_NEW, other: (number) => number.replace(BRAZIL_NEW, '+55$1$2') },
  { pattern: MEXICO_OLD, other: (number) => number.replace(MEXICO_OLD, '+52$1') },
  { pattern: MEXICO_NEW, other: (number) => number.replace(MEXICO_NEW, '+521$1') },
  { pattern: ARGENTINA_ABROAD, other: (number) => number.replace(ARGENTINA_ABROAD, '+54$1') },
  { pattern: ARGENTINA_HOME, other: (number) => number.replace(ARGENTINA_HOME, '+549$1') },
]

/**
 * All spellings of one telephone number in E.164, the given one first: two for a mobile number of Brazil, Mexico or
 * Argentina, else only itself. For looking up alone: what is stored is never rewritten by them. Anything that is no such
 * number is its own only spelling.
 */
export function phoneVariants(text: string): readonly string[] {
  const habit = HABITS.find(({ pattern }) => pattern.test(text))
  if (habit === undefined) return [text]
  const other = habit.other(text)
  // One of the two is what the country's numbering plan has; else it is no number at all.
  return [text, other].some((number) => toE164(number) === number) ? [text, other] : [text]
}
