/** A mail as a reader's program shows it. */
export interface ReadMail {
  /** By name in lower case, unfolded and decoded; of several with one name, the last. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly html: string
}

interface Part {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Takes a message apart as RFC 5322, 2045 and 2047 say: headers, alternatives, their encodings. `raw` is one character a byte. */
export function readMail(raw: string): ReadMail {
  const whole = readPart(raw)
  const boundary = /boundary="?([^";]+)"?/.exec(whole.headers['content-type'] ?? '')?.[1]
  const parts = boundary === undefined ? [whole] : whole.body.split(`--${boundary}`).slice(1, -1).map(readPart)
  const ofType = (type: string) => parts.find(({ headers }) => headers['content-type']?.startsWith(type))
  return { headers: whole.headers, text: decodedBody(ofType('text/plain')), html: decodedBody(ofType('text/html')) }
}

function readPart(raw: string): Part {
  const text = raw.replace(/^\r\n/, '')
  const end = text.indexOf('\r\n\r\n')
  const lines = text
    .slice(0, end)
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), decodedWords(line.slice(colon + 1).trim())] as const
  })
  return { headers: Object.fromEntries(headers), body: text.slice(end + 4) }
}

function decodedBody(part: Part | undefined): string {
  if (part === undefined) return ''
  const body = part.body.replace(/\r\n$/, '')
  switch (part.headers['content-transfer-encoding']?.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64').toString()
    case 'quoted-printable':
      return fromQuotedPrintable(body.replace(/=[ \t]*\r\n/g, '')).replaceAll('\r\n', '\n')
    default:
      return Buffer.from(body, 'latin1').toString().replaceAll('\r\n', '\n')
  }
}

function decodedWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?[\w-]+\?([QB])\?([^?]*)\?=/gi, (_, encoding: string, text: string) =>
      encoding.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString()
        : fromQuotedPrintable(text.replaceAll('_', ' ')),
    )
}

function fromQuotedPrintable(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

/** What a browser shows of HTML like ours: tags are gone, breaks are lines, character references are characters. */
export function shownHtml(html: string): string {
  return html
    .replaceAll('<br>\n', '\n')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
}

/** The tags of a page, without those that lay it out. */
export function liveHtml(html: string): string[] {
  const layout = /^<\/?(?:!doctype|html|body|p|table|tr|th|td|br)\b/
  return (html.match(/<[^>]*>/g) ?? []).filter((tag) => !layout.test(tag) && tag !== '</a>')
}
