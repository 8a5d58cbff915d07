import assert from 'node:assert/strict'
import { type Call, type Crm, type CrmRecord, type Failure, FailureError, type PluginContext } from 'flowgate/plugin'
import http from '../../../plugins/http/index.ts'
import type { HttpConfig, ObjectConfig } from '../../../plugins/http/records/crm-config.ts'
import { createGuardedFetch } from '../../../src/registry/guarded-fetch.ts'
import { apiKey, type ListApi, startListApi } from '../../stand-ins/list-api.ts'
import { pluginContext } from '../../support/plugin-context.ts'

/** How members of the list are found and written, one request each. */
export const members: ObjectConfig = {
  find: { path: '/members', query: { search: '{value}' }, items: 'data' },
  find_by_id: { path: '/members/{id}', items: 'data' },
  create: { path: '/members', body: '{fields}', id: 'data.id', error: 'error.code' },
  update: { path: '/members/{id}', body: '{fields}', error: 'error.code' },
  owner: { path: '/members/{id}', id: 'data.owner.id', email: 'data.owner.email', name: 'data.owner.name' },
  link: 'https://lists.example.com/people/{id}',
}

/** A list tool and CRMs that write to it. */
export interface HttpStage extends AsyncDisposable {
  readonly api: ListApi
  crm(objects: HttpConfig['objects'], different?: Partial<HttpConfig>, context?: Partial<PluginContext>): Promise<Crm>
}

/** A first call with key `sub_1.one`, with what a test wants different. */
export function callOf(differences: Partial<Call> = {}): Call {
  const signal = AbortSignal.timeout(120_000)
  return { signal, idempotencyKey: 'sub_1.one', attempt: 1, uncertain: false, resend: false, ...differences }
}

/** A later call after one of which nobody knows whether it landed. */
export const again: Partial<Call> = { attempt: 2, uncertain: true }

/** A record to create, with what a test wants different. */
export function recordOf(object: string, fields: CrmRecord['fields'], different: Partial<CrmRecord> = {}): CrmRecord {
  return { id: 'one', object, operation: 'create', fields, links: [], ...different }
}

/** A member to upsert by e-mail. */
export function memberOf(fields: CrmRecord['fields'], different: Partial<CrmRecord> = {}): CrmRecord {
  return recordOf('members', fields, { operation: 'upsert', match: 'email', ...different })
}

/** Starts the tool; what reaches it goes through the real URL guard, which allows this machine. */
export async function httpStage({ keys = false }: { readonly keys?: boolean } = {}): Promise<HttpStage> {
  const api = await startListApi({ keys })
  const guarded = createGuardedFetch({ allowHosts: [{ kind: 'range', address: '127.0.0.1', bits: 32 }] })
  return {
    api,
    async crm(objects, different = {}, context = {}) {
      const config: HttpConfig = { base_url: api.url, auth: { bearer: apiKey }, objects, ...different }
      return http.configure(config, pluginContext({ fetch: guarded, ...context }))
    },
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  }
}

/** The failure that something ends in. */
export async function failureOf(doing: Promise<unknown> | undefined): Promise<Failure> {
  const error: unknown = await doing?.then(
    () => assert.fail('it was done'),
    (thrown) => thrown,
  )
  assert.ok(error instanceof FailureError, String(error))
  return error.failure
}

/** A failure as one line: kind, what it concerns or how long, code. */
export function inWords(failure: Failure): string {
  if (failure.kind === 'permanent') {
    return `${failure.kind} ${failure.scope} ${failure.code}${failure.byHand ? ' by hand' : ''}`
  }
  return `${failure.kind}${failure.kind === 'rate-limited' ? ` ${failure.retryAfterSeconds}` : ''} ${failure.code}`
}
