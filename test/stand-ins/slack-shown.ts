import type { SlackMessage } from './slack-workspace.ts'

interface TextObject {
  readonly type: string
  readonly text: string
}

/** Every text object of a message's blocks, in order. */
function textObjects(value: unknown): TextObject[] {
  if (Array.isArray(value)) return value.flatMap(textObjects)
  if (typeof value !== 'object' || value === null) return []
  if ('type' in value && 'text' in value && typeof value.text === 'string') {
    return [{ type: String(value.type), text: value.text }]
  }
  return Object.values(value).flatMap(textObjects)
}

/** What people read of a message in Slack, one line per text. */
export function shownLines(message: SlackMessage): string[] {
  return textObjects(message.blocks).flatMap(({ type, text }) =>
    (type === 'mrkdwn' ? asRead(text.replace(control, '$<label> ($<target>)')) : text).split('\n'),
  )
}

/** The mentions and links that are live in a message: what is between `<` and `>` where Slack reads mrkdwn. */
export function liveMarkup(message: SlackMessage): string[] {
  const texts = [
    message.text,
    ...textObjects(message.blocks).flatMap(({ type, text }) => (type === 'mrkdwn' ? [text] : [])),
  ]
  return texts.flatMap((text) => [...text.matchAll(control)].map(([whole]) => whole.slice(1, -1)))
}

const control = /<(?<target>[^<>|]+)\|?(?<label>[^<>]*)>/g

function asRead(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
