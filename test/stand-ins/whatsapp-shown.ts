/** The formatting that WhatsApp makes of a text: pairs of marks around words, and quotes and lists at the start of a line. */
export function liveFormatting(text: string): string[] {
  const pairs = text.match(/(?<![\p{L}\p{N}])([*_~])(?=\S)[^\n]*?\S\1(?![\p{L}\p{N}])|```[^`]+```|`[^`\n]+`/gu) ?? []
  const lines = text.match(/^(?:>|[-*]|\d+\.) /gm) ?? []
  return [...pairs, ...lines]
}
