/**
 * Text that reads in an Adaptive Card as it was typed. Cards know a part of Markdown (emphasis, links, lists) and
 * `{{DATE(…)}}`: https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features. A mention needs an entity
 * of the card besides `<at>`, and we send none. A line feed becomes a paragraph: cards show a single one as a space.
 */
export function plainMarkdown(text: string): string {
  return text
    .split('\n')
    .map((line) => blockMark(line.replace(marks, '\\$&').replace(entity, '\\&')))
    .join('\n\n')
}

/** What can begin or end emphasis, code, links, HTML and dates (by their parenthesis), anywhere. */
const marks = /[\\`*_~[\]()<>|]/g

/** An ampersand that would be read as one character together with what follows. */
const entity = /&(?=#?\w{1,31};)/g

/** Takes away what a line begins with and would become a list, a heading or a line with. */
function blockMark(line: string): string {
  return line.replace(/^(\s*)(\d{1,9})([.)])/, '$1$2\\$3').replace(/^\s*[-+#=]/, (begin) => {
    return `${begin.slice(0, -1)}\\${begin.slice(-1)}`
  })
}
