const LONGEST = 200
/** Parts of a value that are shorter stand in too many other words. */
const SHORTEST = 3
const MASK = '…'

/**
 * A text that an org's own administrator wrote, without the values that we sent and whatever looks like a person's: every
 * value, every word of a value, e-mail addresses and numbers of three digits or more. At most 200 characters.
 */
export function masked(text: string, values: readonly unknown[]): string {
  const sent = values.filter((value) => typeof value === 'string' || typeof value === 'number').map(String)
  const words = sent.flatMap((value) => [value, ...value.split(/[^\p{L}\p{N}]+/u)])
  const hidden = [...new Set(words.map((word) => word.trim()))]
    .filter((word) => word.length >= SHORTEST)
    .sort((one, other) => other.length - one.length)
  const bare = hidden.reduce((rest, word) => rest.replaceAll(new RegExp(escaped(word), 'giu'), MASK), text)
  const plain = bare
    .replaceAll(/\S*@\S*/g, MASK)
    .replaceAll(/\+?\d[\d.,()\s/-]{1,}\d/g, MASK)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/…(?:[\s…]*…)?/g, MASK)
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1)}${MASK}` : plain
}

function escaped(word: string): string {
  // A hyphen needs no escape outside brackets, and may have none here.
  return word.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
