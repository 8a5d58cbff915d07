import { type Connection, readConnection } from '../calls/line.ts'
import { readAt, SettingError } from '../calls/reading-settings.ts'
import { type Find, readFind } from '../deliveries/find.ts'
import { readLink } from '../deliveries/link.ts'
import { readWrite, type Write } from '../deliveries/write.ts'
import { scopeRule } from '../places/scope-places.ts'
import type { Template } from '../places/template.ts'
import type { Markup } from './markup.ts'
import type { HttpMessageConfig } from './message-config.ts'
import { MESSAGE_PLACES } from './message-scope.ts'
import type { Directory } from './recipient.ts'

/** Settings with their templates read and their defaults filled in. */
export interface HttpMessageSettings extends Connection {
  readonly health: string | undefined
  readonly idempotencyHeader: string | undefined
  readonly write: Write
  readonly look: Find | undefined
  readonly link: Template | undefined
  readonly markup: Markup
  readonly directory: Directory
}

/** Reads checked settings. Throws a sentence for the operator, which names the place and never a secret. */
export function readSettings(config: HttpMessageConfig): HttpMessageSettings {
  const { find, link } = config
  const write = readAt(['request'], 'request', () =>
    readWrite(config.request, 'POST', scopeRule(MESSAGE_PLACES), false),
  )
  const addressed = write.request.places.includes('recipient')
  if (addressed && config.to === undefined) {
    const message = 'the request has a place {recipient}: write into `to` whom a message is for that names nobody'
    throw new SettingError(['request'], message)
  }
  if (!addressed && (config.to ?? config.recipients ?? config.owners) !== undefined) {
    const message = '`to`, `recipients` and `owners` reach nobody: the request has no place {recipient}'
    throw new SettingError(['request'], message)
  }
  if (find !== undefined && !write.request.places.includes('key')) {
    throw new SettingError(['find'], '`find` finds nothing: the request has no place {key}')
  }
  const parts = {
    health: config.health,
    idempotencyHeader: config.idempotency_header,
    write,
    look: find && readAt(['find'], 'find', () => readFind(find, scopeRule(['key', 'recipient']))),
    link:
      link === undefined
        ? undefined
        : readAt(['link'], 'link', () => readLink(link, scopeRule(['id', 'key', 'reply.*']))),
    markup: config.escape ?? 'text',
    directory: config,
  }
  return { ...parts, ...readConnection(config) }
}
