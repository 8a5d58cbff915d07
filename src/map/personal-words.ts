/** Masks every occurrence of some personal answers in other texts. */
export interface PersonalWords {
  mask(text: string): string
}

const SHORTEST = 3
/** An answer of more words is prose: its single words say nothing about the person and stand in every other text. */
const MOST_WORDS = 5
const PHONE = /\+?\d[\d\s().-]{4,}\d/gu
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

/** Answers as they were typed, the words of short ones, and numbers in any spelling. Case does not matter. */
export function personalWords(answers: readonly string[]): PersonalWords {
  const texts = answers.map((answer) => answer.trim()).filter((answer) => answer.length >= SHORTEST)
  const wanted = new Set([...texts, ...texts.flatMap(wordsOf)])
  // Longest first, so that a full name is masked as one.
  const sources = [...wanted].toSorted((a, b) => b.length - a.length).map(bounded)
  const numbers = new Set(texts.map(lastDigits).filter((digits) => digits !== undefined))
  if (sources.length === 0) return { mask: (text) => text }
  const pattern = new RegExp(sources.join('|'), 'giu')
  return {
    mask: (text) =>
      text
        .replace(pattern, maskWhole)
        .replace(PHONE, (found) => (numbers.has(lastDigits(found) ?? '') ? maskWhole(found) : found)),
  }
}

function wordsOf(answer: string): readonly string[] {
  if (answer.includes('@')) return []
  const words = answer.split(/\s+/u)
  return words.length > MOST_WORDS ? [] : words.filter((word) => word.length >= SHORTEST && /\p{L}/u.test(word))
}

function bounded(text: string): string {
  const literal = text.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&')
  return `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`
}

function lastDigits(text: string): string | undefined {
  const digits = text.replace(/\D/gu, '')
  return digits.length < 6 || /\p{L}/u.test(text) ? undefined : digits.slice(-COMPARED_DIGITS)
}
