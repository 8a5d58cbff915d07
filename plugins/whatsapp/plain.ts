import { oneLine } from 'flowgate/plugin'

/**
 * Text for a variable of a template: on one line, since Meta refuses line feeds, tabs and runs of spaces in variables
 * (error 132018), and without formatting. WhatsApp has no way to escape `*`, `_`, `~`, backticks and quotes, so a mark that
 * would begin formatting becomes the character most like it; within words, as in addresses, marks mean nothing and stay.
 */
export function plainVariable(text: string): string {
  return oneLine(text)
    .replace(opening, (mark) => lookalikes[mark] ?? mark)
    .replace(/^[>-](?=\s)/, (mark) => lookalikes[mark] ?? mark)
}

/** A mark with no letter or digit before it and something after it, and every backtick. */
const opening = /(?<![\p{L}\p{N}])[*_~](?=\S)|^\*(?=\s)|`/gu

const lookalikes: Readonly<Record<string, string>> = { '*': '∗', _: 'ˍ', '~': '∼', '`': 'ˋ', '>': '›', '-': '–' }
