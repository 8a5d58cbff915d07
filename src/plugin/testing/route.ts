/**
 * Matches `METHOD /path` against a pattern such as `POST /crm/:object/batch/upsert` and gives the named segments, or
 * `undefined` when it does not match. `*` as the method takes any, `*` as the last segment takes the rest.
 */
export function matchRoute(pattern: string, method: string, path: string): Record<string, string> | undefined {
  const [wantedMethod = '', wantedPath = ''] = pattern.split(' ')
  if (wantedMethod !== '*' && wantedMethod !== method) return undefined
  const wanted = wantedPath.split('/')
  const got = path.split('/')
  const open = wanted.at(-1) === '*'
  if (open ? got.length < wanted.length : got.length !== wanted.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    if (open && index === wanted.length - 1) break
    const value = got[index] ?? ''
    if (segment.startsWith(':') && value !== '') parameters[segment.slice(1)] = decodeURIComponent(value)
    else if (segment !== value) return undefined
  }
  return parameters
}
