import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { FailureError } from 'flowgate/plugin'
import { startStandIn } from 'flowgate/plugin/testing'
import { parseAllowedHost } from '../../src/config/allowed-host.ts'
import { createGuardedFetch, type GuardedFetchOptions } from '../../src/registry/guarded-fetch.ts'

/** A guarded fetch that allows these entries of FLOWGATE_ALLOW_HOSTS. */
export function fetchAllowing(entries: readonly string[], options: Partial<GuardedFetchOptions> = {}) {
  return createGuardedFetch({ allowHosts: entries.flatMap((entry) => parseAllowedHost(entry) ?? []), ...options })
}

/** A resolver that gives each of these answers in turn, the last for ever, and counts. */
export function resolving(...answers: readonly (readonly string[])[]) {
  const asked: string[] = []
  const resolve = async (hostname: string) => {
    asked.push(hostname)
    return answers[Math.min(asked.length, answers.length) - 1] ?? []
  }
  return { asked, resolve }
}

/** The message that an address was refused with. */
export async function refusal(asking: Promise<unknown>): Promise<string> {
  const error: unknown = await asking.then(
    () => assert.fail('it was asked'),
    (thrown) => thrown,
  )
  assert.ok(error instanceof FailureError, String(error))
  assert.equal(error.failure.code, 'FG_URL_REFUSED')
  return error.failure.message
}

/** A small API on 127.0.0.1. */
export async function vendor() {
  return startStandIn({
    routes: {
      'GET /slots': () => ({ status: 200, body: { slots: [1] }, headers: { 'x-page': '1' } }),
      'POST /slots': ({ body }) => ({ status: 201, body: { got: body } }),
      'GET /gone': () => ({ status: 204 }),
      'GET /away': () => ({ status: 302, headers: { location: '/slots' } }),
    },
  })
}

/** Starts a server; leaving its block closes it. */
export async function listen<S extends Server>(server: S, address: string, port = 0): Promise<S & AsyncDisposable> {
  server.listen(port, address)
  await once(server, 'listening')
  return server
}

/** The port a server took. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
