/** Domains under which Salesforce runs orgs, sandboxes and government clouds included. */
const SALESFORCE_DOMAINS = ['.salesforce.com', '.force.com', '.salesforce.mil', '.crmforce.mil', '.sfcrmproducts.cn']

/**
 * The origin of the API that a token reply names, or `undefined` where it must not be followed: whoever answers at the
 * login URL could otherwise send the token, and people's data, anywhere. It is followed to the login URL's own origin and,
 * over https, to Salesforce's domains. Where the operator signs in over http, which only a stand-in takes, it may also
 * be the same host or this machine on another port.
 */
export function instanceOrigin(instanceUrl: unknown, loginUrl: string): string | undefined {
  const login = new URL(loginUrl)
  const instance = typeof instanceUrl === 'string' ? URL.parse(instanceUrl) : null
  if (instance === null || instance.username !== '' || instance.password !== '') return undefined
  if (instance.origin === login.origin) return instance.origin
  if (login.protocol === 'http:') {
    const near = instance.hostname === login.hostname || (isThisMachine(instance) && isThisMachine(login))
    return instance.protocol === 'http:' && near ? instance.origin : undefined
  }
  const salesforce = SALESFORCE_DOMAINS.some((domain) => instance.hostname.endsWith(domain))
  return instance.protocol === 'https:' && instance.port === '' && salesforce ? instance.origin : undefined
}

function isThisMachine({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
}

/**
 * The address of a record in Lightning. An org's My Domain has a twin for its pages; any other host leads there itself
 * (help.salesforce.com, "My Domain URL formats").
 */
export function recordUrl(instanceUrl: string, object: string, id: string): string {
  const { protocol, host } = new URL(instanceUrl)
  const pages = host.replace(/\.my\.salesforce\.com$/, '.lightning.force.com')
  return `${protocol}//${pages}/lightning/r/${encodeURIComponent(object)}/${encodeURIComponent(id)}/view`
}
