import ipaddr from 'ipaddr.js'

/**
 * One entry of `FLOWGATE_ALLOW_HOSTS`: a host name (with `subdomains`, every name below it instead), or the addresses of a
 * range, a single one being a range of itself. With `port`, at that port alone.
 */
export type AllowedHost = (
  | { readonly kind: 'name'; readonly name: string; readonly subdomains: boolean }
  | { readonly kind: 'range'; readonly address: string; readonly bits: number }
) & { readonly port?: number }

// Underscores are in no domain name of the internet, but in names that Docker gives its containers.
const NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*$/u
const ADDRESS_ALONE = { ipv4: 32, ipv6: 128 } as const

/**
 * Reads `crm.internal`, `*.internal`, `10.1.2.3`, `fd00::5` (each also with a port: `crm.internal:8080`, `[fd00::5]:8080`)
 * or a range such as `10.0.0.0/8`. `undefined` where the text is none of these.
 */
export function parseAllowedHost(text: string): AllowedHost | undefined {
  const range = parseRange(text)
  if (range !== undefined) return range
  const {
    host = '',
    inBrackets,
    port,
  } = /^(?:\[(?<inBrackets>[^\]]*)\]|(?<host>[^:]*))(?::(?<port>\d{1,5}))?$/u.exec(text)?.groups ?? {}
  const atPort = port === undefined ? {} : { port: Number(port) }
  if (atPort.port !== undefined && (atPort.port === 0 || atPort.port > 65_535)) return undefined
  const place = inBrackets === undefined ? (parseAddress(host) ?? parseName(host)) : parseAddress(inBrackets)
  return place === undefined ? undefined : { ...place, ...atPort }
}

function parseRange(text: string): AllowedHost | undefined {
  if (!text.includes('/')) return parseAddress(text)
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text) && !ipaddr.IPv6.isValidCIDR(text)) return undefined
  const [address, bits] = ipaddr.parseCIDR(text)
  // Addresses are compared after an IPv4 one has been taken out of its IPv6 form, so that such a range would match nothing.
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()) return undefined
  return { kind: 'range', address: address.toString(), bits }
}

function parseAddress(text: string): AllowedHost | undefined {
  // A zone (`fe80::1%eth0`) cannot stand in a URL.
  if (text.includes('%') || (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text))) return undefined
  const address = ipaddr.process(text)
  return { kind: 'range', address: address.toString(), bits: ADDRESS_ALONE[address.kind()] }
}

/** A name as a URL spells it, so that both compare: lower case, other alphabets in their ASCII form, no dot at the end. */
function parseName(text: string): AllowedHost | undefined {
  const subdomains = text.startsWith('*.')
  const written = (subdomains ? text.slice(2) : text).replace(/\.$/u, '')
  const url = `http://${written}`
  if (/[/?#@\\]/u.test(written) || !URL.canParse(url)) return undefined
  const name = new URL(url).hostname
  // `0x7f.1` and `2130706433` are names to the eye and addresses to a URL.
  if (!NAME.test(name) || ipaddr.isValid(name)) return undefined
  return { kind: 'name', name, subdomains }
}
