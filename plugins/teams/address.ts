import type { Failure } from 'flowgate/plugin'

/**
 * Why nothing can be posted to this URL, as far as its form tells; `undefined` where it is well formed. Whether a workflow
 * is there cannot be asked without posting. The failure holds nothing of the URL, which is a secret.
 */
export function addressFault(url: string, whose: string): Failure | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const about = parsed && { host: parsed.hostname, path: parsed.pathname, signature: parsed.searchParams.get('sig') }
  if (about && retired(about.host)) {
    return wrong('FG_TEAMS_URL_RETIRED', `The URL of ${whose} is of a kind that Microsoft has switched off. ${renew}`)
  }
  if (!about?.signature || !/\/workflows\/[^/]+\/triggers\//.test(about.path)) {
    return wrong('FG_TEAMS_URL', `The URL of ${whose} is not that of a Teams workflow, or it is cut off. ${renew}`)
  }
  return undefined
}

/**
 * Hosts of Office 365 connectors, retired in May 2026, and of Logic Apps, whose URLs for flows ended on 30 November 2025:
 * https://devblogs.microsoft.com/microsoft365dev/retirement-of-office-365-connectors-within-microsoft-teams/
 */
function retired(host: string): boolean {
  return host === 'outlook.office.com' || host.endsWith('.webhook.office.com') || host.endsWith('.logic.azure.com')
}

const renew = 'Copy the whole URL from the workflow in Teams, with :443 and everything after the question mark.'

function wrong(code: string, message: string): Failure {
  return { kind: 'permanent', scope: 'destination', code, message }
}
