import assert from 'node:assert/strict'
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLog } from '../../../../src/log.ts'
import { serverAccount } from '../../../../src/store/embedded/account.ts'
import { startEmbeddedPostgres } from '../../../../src/store/embedded/postgres.ts'
import { AUTHORITY, SERVER_CERTIFICATE, SERVER_KEY } from './certificates.ts'
import { call, failureOf, sourceOn } from './ground.ts'

/** A PostgreSQL of one's own that encrypts, as localhost. */
async function encryptingPostgres(): Promise<AsyncDisposable & { readonly url: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'own-postgres-'))
  await chmod(folder, 0o755)
  const account = await serverAccount(folder)
  const files = { 'server.pem': SERVER_CERTIFICATE, 'server.key': SERVER_KEY }
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text, { mode: 0o600 })
    if (account !== undefined) await chown(join(folder, name), account.uid, account.gid)
  }
  const server = await startEmbeddedPostgres({
    dataFolder: join(folder, 'data'),
    log: createLog({ level: 'silent' }),
    settings: { ssl: 'on', ssl_cert_file: join(folder, 'server.pem'), ssl_key_file: join(folder, 'server.key') },
  })
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server.stop()
      await rm(folder, { recursive: true })
    },
  }
}

test('PostgreSQL: a connection is encrypted as `tls` says, and only to the host its certificate is for', async () => {
  await using server = await encryptingPostgres()
  const queries = '-- name: encrypted\nselect ssl as encrypted from pg_stat_ssl where pid = pg_backend_pid()'
  const files = { 'authority.pem': AUTHORITY }
  const byName = new URL(server.url)
  byName.hostname = 'localhost'
  const verified = { tls: 'verified', tls_ca: 'authority.pem' } as const
  await using open = await sourceOn(server, queries)
  assert.deepEqual(await open.read('encrypted', {}, call()), [{ encrypted: false }])
  await using unverified = await sourceOn({ url: `${server.url}?sslmode=require` }, queries)
  assert.deepEqual(await unverified.read('encrypted', {}, call()), [{ encrypted: true }])
  await using good = await sourceOn({ url: byName.href }, queries, verified, files)
  assert.deepEqual(await good.read('encrypted', {}, call()), [{ encrypted: true }])
  for (const [url, settings] of [
    [server.url, verified],
    [byName.href, { tls: 'verified' }],
  ] as const) {
    await using refused = await sourceOn({ url }, queries, settings, files)
    assert.equal((await failureOf(refused.read('encrypted', {}, call()))).code, 'FG_SQL_SOURCE_TLS')
  }
})
