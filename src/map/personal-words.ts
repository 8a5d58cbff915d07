/** Masks every occurrence of some personal answers in other texts. */
export interface PersonalWords {
  mask(text: string): string
}

const SHORTEST = 3
/** An answer of more words is prose: its single words say nothing about the person and stand in every other text. */
const MOST_WORDS = 5
/** Longer ones are looked for as they are: a pattern of them would be slow to make. */
const LONGEST_IN_PATTERN = 500
const PHONE = /(?<![+(])[+(]*\d[\d\s().-]{4,}\d/gu
/** Last digits that two spellings of one number share, whatever stands for the country. */
const COMPARED_DIGITS = 8

/** One letter, then dots: an address keeps its @, a number its last two digits. */
export function maskWhole(text: string): string {
  const [first = ''] = text.trim()
  if (/^[^\s@]+@[^\s@]+$/u.test(text.trim())) return `${first}•••@•••`
  const digits = text.replace(/\D/gu, '')
  if (digits.length >= 6 && !/\p{L}/u.test(text)) return `•••${digits.slice(-2)}`
  return text.trim().length < SHORTEST || /\d/u.test(first) ? '•••' : `${first}•••`
}

/** Answers as they were typed or stand in a link, the words of short ones, and numbers in any spelling. Case does not matter. */
export function personalWords(answers: readonly string[]): PersonalWords {
  const texts = answers.map((answer) => answer.trim()).filter((answer) => answer.length >= SHORTEST)
  const short = texts.filter((text) => text.length <= LONGEST_IN_PATTERN)
  const long = texts.filter((text) => text.length > LONGEST_IN_PATTERN)
  const wanted = new Map([
    ...short.flatMap(wordsOf).map((word) => [word, `(?<![\\p{L}\\p{N}])${literal(word)}(?![\\p{L}\\p{N}])`] as const),
    ...short
      .flatMap((text) => [text, encodeURIComponent(text.toWellFormed())])
      .map((text) => [text, literal(text)] as const),
  ])
  // Longest first, so that a full name is masked as one.
  const sources = [...wanted].toSorted(([a], [b]) => b.length - a.length).map(([, source]) => source)
  const pattern = sources.length === 0 ? undefined : new RegExp(sources.join('|'), 'giu')
  const numbers = new Set(texts.map(lastDigits).filter((digits) => digits !== undefined))
  return {
    mask: (text) => {
      const rest = long.reduce((left, answer) => left.replaceAll(answer, maskWhole), text)
      const masked = pattern === undefined ? rest : rest.replace(pattern, maskWhole)
      return masked.replace(PHONE, (found) => (numbers.has(lastDigits(found) ?? '') ? maskWhole(found) : found))
    },
  }
}

function wordsOf(answer: string): readonly string[] {
  if (answer.includes('@')) return []
  const words = answer.split(/\s+/u)
  return words.length > MOST_WORDS ? [] : words.filter((word) => word.length >= SHORTEST && /\p{L}/u.test(word))
}

/** A pattern of exactly this text, but for the width of its spaces. */
function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&').replace(/\s+/gu, '\\s+')
}

function lastDigits(text: string): string | undefined {
  const digits = text.replace(/\D/gu, '')
  return digits.length < 6 || /\p{L}/u.test(text) ? undefined : digits.slice(-COMPARED_DIGITS)
}
