import ipaddr from 'ipaddr.js'
import type { AllowedHost } from '../config/allowed-host.ts'
import { FailureError } from '../plugin/failure.ts'

/** Where a request goes: scheme, host and port of its URL, and nothing of its path, which may hold a person's answers. */
export interface Target {
  readonly protocol: string
  /** As `URL` spells it: lower case, numbers of an IPv4 address in decimal, an IPv6 address in brackets. */
  readonly hostname: string
  readonly port: number
}

const PORTS: readonly number[] = [443, 8443]
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 }

// 2000::/3 is all that IANA has given out of IPv6 for use between networks:
// https://www.iana.org/assignments/ipv6-address-space/ipv6-address-space.xhtml
const GLOBAL_UNICAST: readonly [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]
// The well-known prefix of NAT64 (RFC 6052, 2.1): a gateway sends such a packet on to the IPv4 address in its last 32 bits.
const NAT64: readonly [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('64:ff9b::'), 96]

/** The target of a URL that may be asked at all: one that parses, is https or http, and carries no credentials. */
export function targetOf(url: string | URL): Target {
  const text = String(url)
  if (!URL.canParse(text)) {
    throw refusal('A configured URL is not one: write it whole, as in https://api.example.com/slots.')
  }
  const { protocol, hostname, port, username, password } = new URL(text)
  const standard = DEFAULT_PORTS[protocol]
  if (standard === undefined) throw refusal(`Only https URLs are asked, and this one is ${protocol}//${hostname}.`)
  if (username !== '' || password !== '') {
    throw refusal(`The URL of ${hostname} holds credentials: put them into a header or the settings for it.`)
  }
  return { protocol, hostname, port: port === '' ? standard : Number(port) }
}

/** The address that a target names itself, without a name to look up; `undefined` where it is a name. */
export function literalAddress({ hostname }: Target): string | undefined {
  const bare = hostname.replace(/^\[|\]$/gu, '')
  return ipaddr.isValid(bare) ? bare : undefined
}

/**
 * Refuses, with a FailureError that concerns the destination, what `allowed` does not name: http, ports other than 443 and
 * 8443, and every address that is not public. All `addresses` of a name must pass.
 */
export function checkTarget(target: Target, addresses: readonly string[], allowed: readonly AllowedHost[]): void {
  const atPort = allowed.filter(({ port }) => port === undefined || port === target.port)
  if (atPort.some((entry) => isNamed(entry, target.hostname))) return
  const ranges = atPort.filter((entry) => entry.kind === 'range')
  const strangers = addresses.filter((address) => !ranges.some((range) => isWithin(address, range)))
  if (strangers.length === 0 && addresses.length > 0) return
  const { hostname, port } = target
  if (target.protocol !== 'https:') throw notAllowed(hostname, 'only https is spoken there')
  if (!PORTS.includes(port)) throw notAllowed(`${hostname}:${port}`, 'only ports 443 and 8443 are reached there')
  const privateOne = strangers.find((address) => !isPublic(address))
  if (privateOne === undefined) return
  const is = literalAddress(target) === undefined ? `the name leads to ${privateOne}, which is` : 'it is'
  throw notAllowed(hostname, `${is} no address of the public internet`)
}

/** As `checkTarget`, as far as it can be said before anything is looked up: what passes may still be refused then. */
export function checkUrl(target: Target, allowed: readonly AllowedHost[]): void {
  const literal = literalAddress(target)
  if (literal !== undefined) checkTarget(target, [literal], allowed)
  else if (needsRange(target) && !allowed.some(({ kind }) => kind === 'range')) checkTarget(target, [], allowed)
}

/** Whether nothing but a range could still let a name through that is asked by http or at another port. */
function needsRange({ protocol, port }: Target): boolean {
  return protocol !== 'https:' || !PORTS.includes(port)
}

function isNamed(entry: AllowedHost, hostname: string): boolean {
  if (entry.kind !== 'name') return false
  const name = hostname.replace(/\.$/u, '')
  return entry.subdomains ? name.endsWith(`.${entry.name}`) : name === entry.name
}

function isWithin(text: string, { address, bits }: AllowedHost & { readonly kind: 'range' }): boolean {
  const inner = unwrapped(text)
  const outer = ipaddr.parse(address)
  return inner !== undefined && inner.kind() === outer.kind() && inner.match(outer, bits)
}

/** Whether an address is public unicast, as IANA's registries of special addresses have it. */
function isPublic(text: string): boolean {
  const address = unwrapped(text)
  if (address === undefined || address.range() !== 'unicast') return false
  return address instanceof ipaddr.IPv4 || address.match(...GLOBAL_UNICAST)
}

/** An address less the IPv6 form that an IPv4 one may wear; `undefined` where the text is none. */
function unwrapped(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (!ipaddr.isValid(text)) return undefined
  const address = ipaddr.process(text)
  if (address instanceof ipaddr.IPv4 || !address.match(...NAT64)) return address
  return new ipaddr.IPv4(address.toByteArray().slice(12))
}

function notAllowed(host: string, rule: string): FailureError {
  const cure = 'Correct the URL, or name the host in FLOWGATE_ALLOW_HOSTS where that is meant.'
  return refusal(`A request to ${host} is refused: ${rule}. ${cure}`)
}

function refusal(message: string): FailureError {
  return new FailureError({ kind: 'permanent', scope: 'destination', code: 'FG_URL_REFUSED', message })
}
