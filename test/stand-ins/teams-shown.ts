/** What people see of a text of a card, and which of it does something: the Markdown of CommonMark that cards know. */
export interface ShownText {
  readonly text: string
  /** Links, emphasis, code, lists, headings, HTML and dates that a card would make of it. */
  readonly live: readonly string[]
}

/** Every text of a card that is read as Markdown, as people see it. */
export function shownTexts(card: Readonly<Record<string, unknown>>): ShownText[] {
  return markdownOf(card['body']).map(readMarkdown)
}

function markdownOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(markdownOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    const isMarkdown = typeof inner === 'string' && ['text', 'title', 'value'].includes(name)
    return isMarkdown ? [inner] : markdownOf(inner)
  })
}

/** Reads Markdown: a backslash before punctuation shows that character, everything else that means something is live. */
export function readMarkdown(markdown: string): ShownText {
  const live: string[] = [...markdown.matchAll(/\{\{(?:DATE|TIME)\([^)]*\)\}\}/g)].map(([whole]) => whole)
  const paragraphs = markdown.split('\n\n').map((paragraph) => {
    const block = /^\s*(?:[-+*]\s|#{1,6}\s|=+$|-+$|\d{1,9}[.)]\s)/.exec(paragraph)?.[0]
    if (block !== undefined) live.push(block.trim())
    return readLine(paragraph, live)
  })
  return { text: paragraphs.join('\n'), live }
}

const token = new RegExp(
  [
    /\\(?<escaped>[!-/:-@[-`{-~])/,
    /&(?<entity>lt|gt|amp|quot|#\d+);/,
    /\[(?<label>[^\]]*)\]\((?<target>[^)]*)\)/,
    /<(?<html>[^<>]+)>/,
    /(?<emphasis>\*+|_+|~~|`+)(?=\S)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
)

function readLine(line: string, live: string[]): string {
  return line.replace(token, (whole, ...found) => {
    const groups: Partial<Record<string, string>> = found.at(-1)
    if (groups['escaped'] !== undefined) return groups['escaped']
    live.push(whole)
    return groups['label'] ?? groups['html'] ?? ''
  })
}
