import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CONFIG } from './seed.ts'
import { run } from './terminal.ts'

const NOWHERE = { FLOWGATE_CONFIG: '/nowhere/at/all' }

/** A configuration with a destination whose plugin is the operator's own and explains one code. */
async function configurationWithOwnPlugin(): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'flowgate-codes-'))
  await cp(CONFIG, folder, { recursive: true })
  await mkdir(join(folder, 'pager'))
  await writeFile(
    join(folder, 'pager/index.js'),
    `export default {
      apiVersion: 1, kind: 'notification', name: 'pager', title: 'Pager', configSchema: { type: 'object' },
      configure() {}, classify() {},
      failureCodes: { pager_full: { meaning: 'The pager holds no more.', cure: 'Empty it.' } },
    }`,
  )
  await writeFile(join(folder, 'flowgate.yaml'), 'alerts: { to: pager }\n')
  await writeFile(
    join(folder, 'destinations.yaml'),
    `destinations:
  hubspot: { plugin: hubspot, config: { access_token: "\${HUBSPOT_ACCESS_TOKEN}" } }
  slack-sales: { plugin: slack, config: { bot_token: "\${SLACK_BOT_TOKEN}", channel: C0123ABCD } }
  pager: { plugin: ./pager }
`,
  )
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

test('error says what a code means and what to do, however it was typed and where there is no configuration', async () => {
  const plain = await run(['error', 'fg_key_cut_off'], NOWHERE)
  assert.deepEqual([plain.code, plain.err], [0, ''])
  assert.match(plain.out, /^FG_KEY_CUT_OFF\nThe private key has a BEGIN line.*\nWhat to do: Copy the whole key.*\n$/)
  const json = await run(['error', 'FG_KEY_CUT_OFF', '--json'], NOWHERE)
  const { ok, code, meaning, cure } = JSON.parse(json.out)
  assert.deepEqual([json.code, ok, code], [0, true, 'FG_KEY_CUT_OFF'])
  assert.ok(plain.out.includes(meaning) && plain.out.includes(cure))
})

test('error knows the codes of built-in plugins and of plugins that the configuration names', async () => {
  const builtIn = await run(['error', 'FG_HUBSPOT_SCOPES'], NOWHERE)
  assert.equal(builtIn.code, 0, builtIn.out)
  assert.match(builtIn.out, /lacks the named scopes/)
  await using configuration = await configurationWithOwnPlugin()
  const argv = ['error', 'pager_full', '--config', configuration.folder]
  assert.deepEqual(await run(argv), {
    code: 0,
    out: 'pager_full\nThe pager holds no more.\nWhat to do: Empty it.\n',
    err: '',
  })
})

test('error exits with 1 for a code that nobody knows, and names the one that was most likely meant', async () => {
  for (const [typed, said] of [
    ['FG_KEY_CUTOFF', /There is no error code FG_KEY_CUTOFF: did you mean `FG_KEY_CUT_OFF`\?/],
    ['FG_HUBSPOT_SCOPE', /did you mean `FG_HUBSPOT_SCOPES`\?/],
    [
      'channel_not_found',
      /There is no error code channel_not_found\. The words of a vendor are explained .* docs\/plugins\./,
    ],
    ['__proto__', /There is no error code __proto__\./],
  ] as const) {
    const { code, out } = await run(['error', typed], NOWHERE)
    assert.equal(code, 1, typed)
    assert.match(out, said)
  }
  const { code, out } = await run(['error', 'FG_KEY_CUTOFF', '--json'], NOWHERE)
  assert.equal(code, 1)
  assert.equal(JSON.parse(out).error.code, 'FG_CLI_UNKNOWN_CODE')
})
