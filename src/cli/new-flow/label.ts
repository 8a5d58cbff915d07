import type { DraftField } from './draft-fields.ts'

/** Characters of a label that says what an answer is; longer ones are whole sentences to agree to. */
const LONGEST = 40

/** What a field is called among people: the label of its input, else its name in words. */
export function labelOf({ name, input }: DraftField): string {
  for (const { node } of input?.inputs ?? []) {
    const { label } = node
    const usable = typeof label === 'string' && label.trim() !== '' && !/[$`{}]/u.test(label)
    if (usable && label.length <= LONGEST) return label.trim()
  }
  return wordsOf(name)
}

/** `full_name` as people write it: `Full name`. */
export function wordsOf(name: string): string {
  const words = name.replaceAll(/[_-]+/gu, ' ').trim()
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
