/** What a channel reads in its texts. */
export type Markup = 'text' | 'markdown' | 'html'

/** The parts that a message is put together from, in one markup. */
interface Style {
  /** Text that says what it says, whatever a person typed into it. */
  escape(text: string): string
  strong(escaped: string): string
  link(label: string, url: string): string
  readonly lineBreak: string
  /** What a further line of a text begins with, so that none passes for a line of ours. */
  readonly indent: string
  readonly paragraph: string
}

/** How messages are written in each markup. */
export const STYLES: Readonly<Record<Markup, Style>> = {
  text: {
    escape: plain,
    strong: (text) => text,
    link: (label, url) => `${label}: ${url}`,
    lineBreak: '\n',
    indent: '    ',
    paragraph: '\n\n',
  },
  // CommonMark: a backslash makes any ASCII punctuation itself (spec.commonmark.org, "Backslash escapes").
  markdown: {
    escape: (text) =>
      plain(text)
        .replace(/[!-/:-@[-`{-~]/gu, '\\$&')
        .replace(/\n[ \t]+/gu, '\n')
        .replaceAll('\n', '  \n'),
    strong: (text) => `**${text}**`,
    link: (label, url) => `[${label}](${url.replace(/[()<>[\]\\|`*_]/gu, (sign) => `%${hex(sign)}`)})`,
    lineBreak: '  \n',
    // Spaces at the beginning of a line would be taken away, or make code of it.
    indent: '\u2003\u2003',
    paragraph: '\n\n',
  },
  html: {
    escape: (text) => entities(plain(text)).replaceAll('\n', '<br>'),
    strong: (text) => `<b>${text}</b>`,
    link: (label, url) => `<a href="${entities(url)}">${label}</a>`,
    lineBreak: '<br>',
    indent: '\u2003\u2003',
    paragraph: '<br><br>',
  },
}

/** Text without characters that no channel shows: controls other than line breaks, and halves of characters. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/gu, '\n')
    .replace(/(?!\n)\p{Cc}/gu, ' ')
}

function entities(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

function hex(sign: string): string {
  return (sign.codePointAt(0) ?? 0).toString(16).toUpperCase()
}
