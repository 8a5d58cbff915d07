import { FailureError, type PluginContext, type SettingFault } from 'flowgate/plugin'
import { AddressError, readServer, type Server } from './server.ts'
import { CONNECTION_DEFAULTS, type ConnectionConfig, type Tls } from './settings.ts'

/** How connections are made, how many, and what is agreed on them. */
export interface Connecting extends Manners {
  readonly server: Server
  readonly connections: number
  readonly connectWithinMs: number
  /** `undefined` for connections that are not encrypted. */
  readonly tls: { readonly verify: boolean; readonly ca: string | undefined } | undefined
  /** Seen by whoever looks after the server. */
  readonly program: string
}

/** What is agreed with the server on each connection. */
export interface Manners {
  /** The server ends a statement by itself after so long, where no word of ours reaches it any more. */
  readonly statementMs: number
  /** Values that do not fit are refused, never cut or bent, and times without a zone are meant and told in UTC. */
  readonly strict: boolean
}

/** What a plugin's settings say of its connections. Rejects with a sentence for the operator. */
export async function connectingBy(
  config: ConnectionConfig,
  manners: Manners,
  context: Pick<PluginContext, 'destination' | 'readFile'>,
): Promise<Connecting> {
  const { server, tls } = readAddress(config)
  const ca = config.tls_ca === undefined ? undefined : await context.readFile(config.tls_ca)
  return {
    server,
    connections: config.connections ?? CONNECTION_DEFAULTS.connections,
    connectWithinMs: config.connect_within_ms ?? CONNECTION_DEFAULTS.connect_within_ms,
    tls: tls === 'off' ? undefined : { verify: tls === 'verified', ca },
    program: `flowgate-${context.destination}`,
    ...manners,
  }
}

/** What can never work in settings that fit the schema. */
export async function connectionFaults(
  config: ConnectionConfig,
  { readFile }: Pick<PluginContext, 'readFile'>,
): Promise<readonly SettingFault[]> {
  const { tls_ca: ca } = config
  const address = await faultOf('url', () => readAddress(config))
  const certificates = ca === undefined ? [] : await faultOf('tls_ca', () => readFile(ca))
  return [...address, ...certificates]
}

/** The sentence for the operator that `read` throws, said of this setting. */
async function faultOf(setting: string, read: () => unknown): Promise<readonly SettingFault[]> {
  try {
    await read()
    return []
  } catch (error) {
    return [{ path: [setting], message: error instanceof Error ? error.message : String(error) }]
  }
}

/** Where a database is and how the way there is encrypted; throws an AddressError. */
function readAddress(config: ConnectionConfig): { readonly server: Server; readonly tls: Tls } {
  const server = readServer(config.url)
  const tls = config.tls ?? server.tls ?? 'off'
  // The driver would compare the certificate with localhost: whoever has one for that name could answer.
  if (tls === 'verified' && server.dialect === 'mysql' && /^[\d.]+$|:/.test(server.host)) {
    throw new AddressError('`url` names the host by its number: write the name that its certificate is for.')
  }
  return { server, tls }
}

/** What `read` resolves with; a mistake in the settings, which is a sentence for the operator, becomes a failure of this code. */
export async function orRefused<Result>(code: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new FailureError({ kind: 'permanent', scope: 'destination', code, message })
  }
}
