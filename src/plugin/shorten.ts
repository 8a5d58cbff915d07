/**
 * For channels: text of at most `limit` UTF-16 units, ending in an ellipsis when something was cut off. Never leaves half a
 * character, ends lines with line feeds, and drops control characters other than line feed and tab, which no client shows.
 */
export function shorten(text: string, limit: number): string {
  // Of a very long text only the beginning is worth cleaning.
  const beginning = text.slice(0, limit * 2)
  const shown = beginning.toWellFormed().replace(/\r\n?/g, '\n').replace(control, '')
  if (shown.length <= limit && beginning.length === text.length) return shown
  const kept = shown.slice(0, limit - 1)
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`
}

/** For channels: text on a single line. Every run of white space becomes one space. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

const control = /(?![\t\n])\p{Cc}/gu
