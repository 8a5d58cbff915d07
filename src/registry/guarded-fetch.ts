import { lookup } from 'node:dns/promises'
import { isIPv6, type LookupFunction } from 'node:net'
import { Agent, buildConnector, fetch as undiciFetch } from 'undici'
import type { AllowedHost } from '../config/allowed-host.ts'
import type { PluginContext } from '../plugin/definition.ts'
import { FailureError } from '../plugin/failure.ts'
import { readReply } from './read-reply.ts'
import { checkTarget, checkUrl, literalAddress, targetOf } from './url-guard.ts'

/** All addresses of a host name. Rejects where it has none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

export interface GuardedFetchOptions {
  /** What may be reached although it is not public, not https or at an unusual port. */
  readonly allowHosts: readonly AllowedHost[]
  /** Default: the system's resolver, hosts file included. */
  readonly resolve?: Resolve
  /** The longest reply taken, after decompression. Default: 1 MiB. */
  readonly replyBytes?: number
}

const DEFAULT_REPLY_BYTES = 1024 * 1024

/**
 * `fetch` for URLs that operators type: refuses (`FG_URL_REFUSED`) what `checkTarget` does, for a name by the very addresses
 * that the connection is then made to. Redirects are answered as they are, never followed. Resolves once the reply has been
 * read whole; rejects with `FG_REPLY_TOO_LARGE` where it is too long. Aborting closes the socket.
 */
export function createGuardedFetch(options: GuardedFetchOptions): PluginContext['fetch'] {
  const { allowHosts, resolve = systemResolve, replyBytes = DEFAULT_REPLY_BYTES } = options
  const agent = new Agent({ connect: guardedConnector(allowHosts, oneAtATime(resolve)) })
  return async (url, init = {}) => {
    // The connector decides again, with the addresses.
    checkUrl(targetOf(url), allowHosts)
    const { headers, body } = await portable(init)
    try {
      const reply = await undiciFetch(url, { ...init, headers, body, redirect: 'manual', dispatcher: agent })
      return await readReply(reply, init.method?.toUpperCase() ?? 'GET', replyBytes)
    } catch (error) {
      // What the connector refused comes wrapped: fetch knows no other errors than its own.
      if (error instanceof TypeError && error.cause instanceof FailureError) throw error.cause
      throw error
    }
  }
}

/**
 * Connects to the addresses that were checked and to no others: a second look-up could answer differently. It is asked for
 * every new connection; Node's own `lookup` hook is not, for a host that is an address.
 */
function guardedConnector(allowHosts: readonly AllowedHost[], resolve: Resolve): buildConnector.connector {
  return (options, callback) => {
    connectionTo(options, allowHosts, resolve).then(
      (connect) => connect(options, callback),
      (error) => callback(error instanceof Error ? error : new Error(String(error)), null),
    )
  }
}

async function connectionTo(
  { protocol, hostname, port }: buildConnector.Options,
  allowHosts: readonly AllowedHost[],
  resolve: Resolve,
): Promise<buildConnector.connector> {
  const host = isIPv6(hostname) ? `[${hostname}]` : hostname
  const target = targetOf(`${protocol}//${host}${port ? `:${port}` : ''}`)
  const literal = literalAddress(target)
  const addresses = literal === undefined ? await resolve(target.hostname) : [literal]
  checkTarget(target, addresses, allowHosts)
  return buildConnector({ lookup: answering(addresses) })
}

function answering(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }))
  return (hostname, options, callback) => {
    const [first] = all
    if (first === undefined) callback(new Error(`${hostname} has no address`), [])
    else if (options.all === true) callback(null, all)
    else callback(null, first.address, first.family)
  }
}

async function systemResolve(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address)
}

/**
 * The system's look-ups run on the thread pool, which opens requests as well: where a name server hangs, a host holds one
 * thread and not all of them.
 */
function oneAtATime(resolve: Resolve): Resolve {
  const underWay = new Map<string, Promise<readonly string[]>>()
  return (hostname) => {
    const known = underWay.get(hostname)
    if (known !== undefined) return known
    const looking = resolve(hostname).finally(() => underWay.delete(hostname))
    underWay.set(hostname, looking)
    return looking
  }
}

interface Portable {
  readonly headers: [string, string][]
  readonly body: Exclude<RequestInit['body'], FormData | undefined>
}

/** Headers and body in forms that this `fetch` takes too: it does not know the classes of Node's own. */
async function portable({ headers: given, body = null }: RequestInit): Promise<Portable> {
  const headers = headersOf(given)
  if (!(body instanceof FormData)) return { headers: [...headers], body }
  const form = new Response(body)
  const type = form.headers.get('content-type')
  if (type !== null) headers.set('content-type', type)
  return { headers: [...headers], body: await form.bytes() }
}

function headersOf(given: RequestInit['headers']): Headers {
  try {
    return new Headers(given)
  } catch {
    // The error quotes the value, which may be a secret.
    throw new TypeError('A header of the request holds what HTTP does not allow in one, such as a line break.')
  }
}
