/** The versions of HubSpot's API whose paths are known. */
export const API_VERSIONS = ['v3', '2026-09'] as const

export type ApiVersion = (typeof API_VERSIONS)[number]

/** Paths of calls that the SDK does not make. */
export const ACCOUNT_PATH = '/account-info/v3/details'
/** The dated specification of files has no upload: it stays v3 in every version. */
export const FILES_PATH = '/files/v3/files'
/** What v1 of it answers ends on 16 February 2027 (https://developers.hubspot.com/changelog/v1-oauth-api-deprecation). */
export const TOKEN_PATH = '/oauth/2026-03/token'

/**
 * Where a call goes in a version of the API, given its path in v3, which for links between records is v4. The only place
 * that knows dated paths (https://developers.hubspot.com/docs/api-reference/latest/overview).
 */
export function pathIn(version: ApiVersion, path: string): string {
  if (version === 'v3') return path
  return path
    .replace(/^\/crm\/v[34]\/(objects|properties|pipelines|owners)(?=[/?]|$)/, `/crm/$1/${version}`)
    .replace(/^\/account-info\/v3\//, `/account-info/${version}/`)
    .replace(/^\/oauth\/2026-03\//, `/oauth/${version}/`)
}
