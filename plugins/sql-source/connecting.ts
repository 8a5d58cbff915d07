import type { PluginContext } from 'flowgate/plugin'
import { AddressError, readServer, type Server } from './server.ts'
import { DEFAULTS, type SqlSourceConfig } from './settings.ts'

/** How connections are made and how many. */
export interface Connecting {
  readonly server: Server
  readonly connections: number
  readonly connectWithinMs: number
  /** `undefined` for connections that are not encrypted. */
  readonly tls: { readonly verify: boolean; readonly ca: string | undefined } | undefined
  /** Seen by whoever looks after the server. */
  readonly program: string
}

/** What a source's settings say of its connections. Rejects with a sentence for the operator. */
export async function connectingBy(
  config: SqlSourceConfig,
  context: Pick<PluginContext, 'destination' | 'readFile'>,
): Promise<Connecting> {
  const server = readServer(config.url)
  const tls = config.tls ?? server.tls ?? 'off'
  // The driver would compare the certificate with localhost: whoever has one for that name could answer.
  if (tls === 'verified' && server.dialect === 'mysql' && /^[\d.]+$|:/.test(server.host)) {
    throw new AddressError('`url` names the host by its number: write the name that its certificate is for.')
  }
  const ca = config.tls_ca === undefined ? undefined : await context.readFile(config.tls_ca)
  return {
    server,
    connections: config.connections ?? DEFAULTS.connections,
    connectWithinMs: config.connect_within_ms ?? DEFAULTS.connect_within_ms,
    tls: tls === 'off' ? undefined : { verify: tls === 'verified', ca },
    program: `flowgate-${context.destination}`,
  }
}
