import { randomBytes } from 'node:crypto'
import type { PluginContext } from '../plugin/definition.ts'
import { callUnderWay } from './call-scope.ts'

/** No request outlasts this, whoever forgot to give it a signal. */
const WITHIN_MS = 30_000

/**
 * `fetch` for plugins: a request without a signal of its own ends with the call it belongs to, and after 30 s in any case; one
 * within a call carries the header `traceparent` (https://www.w3.org/TR/trace-context/), unless the plugin set its own.
 */
export function createPluginFetch(fetch: PluginContext['fetch']): PluginContext['fetch'] {
  return (url, init = {}) => {
    const { signal, traceId } = callUnderWay()
    return fetch(url, {
      ...init,
      signal:
        init.signal ?? AbortSignal.any([AbortSignal.timeout(WITHIN_MS), ...(signal === undefined ? [] : [signal])]),
      ...(traceId === undefined ? {} : { headers: withTrace(init.headers, traceId) }),
    })
  }
}

function withTrace(given: RequestInit['headers'], traceId: string): NonNullable<RequestInit['headers']> {
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`
  if (given === undefined || given === null) return { traceparent }
  // Kept in the form they came in: what HTTP does not allow in one is told, in words, further on.
  if (given instanceof Headers) return given.has('traceparent') ? given : [...given, ['traceparent', traceparent]]
  const pairs = (Array.isArray(given) ? given : Object.entries(given)) as [string, string][]
  return pairs.some(([name]) => name.toLowerCase() === 'traceparent') ? given : [...pairs, ['traceparent', traceparent]]
}
