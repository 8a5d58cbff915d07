import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const DEMO = fileURLToPath(new URL('./demo.ts', import.meta.url))

/** The demo's temporary files in a folder of their own, so that a test sees what is left. */
function surroundings() {
  const folder = mkdtempSync(join(tmpdir(), 'flowgate-demo-test-'))
  // Where this process is root the database runs as somebody else, who must be able to enter.
  chmodSync(folder, 0o755)
  // A database of the shell must not be touched: this one would fail the demo if it were.
  return { folder, env: { ...process.env, TMPDIR: folder, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' } }
}

test('the demo shows the whole journey, creates nothing the second time, exits 0 and leaves nothing behind', () => {
  const { folder, env } = surroundings()
  const { status, stdout, stderr } = spawnSync(process.execPath, [DEMO], { env, encoding: 'utf8', timeout: 60_000 })
  assert.equal(status, 0, stdout + stderr)
  for (const shown of [
    /← CONTACT /,
    /← ENTERPRISE /,
    /← SUCCESS /,
    /HubSpot contact \d+, \d+ ms after the button was pressed\n(.*\n)*? +email +ana@acme\.com/,
    /HubSpot deal \d+, \d+ ms after the button was pressed\n(.*\n)*? +amount +75000/,
    /linked: /,
    /Slack message in C0123, \d+ ms after the button was pressed\n +New lead: Ana Souza Lima\n +Open in HubSpot \(https:/,
    /The same answer as before/,
    /HubSpot holds 1 contact and 1 deal, Slack 1 message: nothing was created\./,
    /All as promised, in \d+\.\d s\.\n$/,
  ]) {
    assert.match(stdout, shown)
  }
  assert.deepEqual(readdirSync(folder), [])
})

/** The addresses and tokens that were printed are those of the stand-ins. */
async function tryStandIns(exports: Readonly<Record<string, string>>) {
  const ask = (base = '', path = '', token = '', method = 'GET') =>
    fetch(new URL(path, base), { method, headers: { authorization: `Bearer ${token}` } })
  const { HUBSPOT_BASE_URL, HUBSPOT_ACCESS_TOKEN, SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_CHANNEL } = exports
  const contacts = await ask(HUBSPOT_BASE_URL, '/crm/v3/properties/contacts', HUBSPOT_ACCESS_TOKEN)
  assert.equal(contacts.status, 200)
  const slack = await ask(SLACK_API_URL, 'auth.test', SLACK_BOT_TOKEN, 'POST')
  assert.equal(((await slack.json()) as { ok: boolean }).ok, true)
  assert.equal(SLACK_CHANNEL, 'C0123')
}

test('with --stay it says where everything is, and Ctrl-C ends all of it', async () => {
  const { folder, env } = surroundings()
  const demo = spawn(process.execPath, [DEMO, '--stay'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(demo, 'exit')
  let url = ''
  const exports: Record<string, string> = {}
  for await (const line of createInterface({ input: demo.stdout })) {
    url = /(http:\S+)\/health/.exec(line)?.[1] ?? url
    if (!line.startsWith('export ')) continue
    for (const [, name = '', value = ''] of line.matchAll(/([A-Z_]+)=(\S+)/g)) exports[name] = value
    if (!('SLACK_CHANNEL' in exports)) continue
    assert.equal((await fetch(`${url}/readyz`)).status, 200)
    await tryStandIns(exports)
    demo.kill('SIGINT')
  }
  assert.deepEqual(await exited, [0, null])
  await assert.rejects(fetch(`${url}/readyz`))
  assert.deepEqual(readdirSync(folder), [])
})
