/**
 * Text of at most `limit` UTF-16 units, ending in an ellipsis when something was cut off. Never leaves half a
 * character, and drops control characters that Slack cannot show.
 */
export function shorten(text: string, limit: number): string {
  // Of a very long text only the beginning is worth cleaning.
  const beginning = text.slice(0, limit * 2)
  const shown = beginning.toWellFormed().replace(control, '')
  if (shown.length <= limit && beginning.length === text.length) return shown
  const kept = shown.slice(0, limit - 1)
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`
}

/** Everything of the category "control" except tab and line feed. */
const control = /(?![\t\n])\p{Cc}/gu
