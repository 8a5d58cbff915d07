import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pluginTypeErrors } from '../support/plugin-types.ts'
import { run } from './terminal.ts'

/** A configuration folder outside of the checkout. */
async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'flowgate-plugins-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

const CHECKS = { crm: 23, notification: 17, source: 16 }

for (const [kind, checks] of Object.entries(CHECKS)) {
  test(`a new plugin of kind ${kind} passes its conformance test at once, and type-checks`, async () => {
    await using config = await folder()
    const written = await run(['new-plugin', 'pipe-drive', '--kind', kind, '--config', config.path, '--json'], {})
    assert.equal(written.code, 0, written.err)
    assert.deepEqual(JSON.parse(written.out).files.includes('pipe-drive.test.ts'), true)
    const tested = await run(['plugin', 'test', './plugins/pipe-drive', '--config', config.path], process.env)
    assert.equal(tested.code, 0, tested.err)
    assert.match(tested.err, new RegExp(`pass ${checks}\\n`))
    assert.match(tested.err, /pipe-drive: the manifest is complete/)
    assert.equal(await pluginTypeErrors(config.path), '')
  })
}

test('a promise that is broken fails the test of the plugin, and the check says what to change', async () => {
  await using config = await folder()
  await run(['new-plugin', 'pager', '--kind', 'notification', '--config', config.path], {})
  const index = join(config.path, 'plugins/pager/index.ts')
  const broken = (await readFile(index, 'utf8')).replace('encodeURIComponent(idempotencyKey)', 'Math.random()')
  await writeFile(index, broken)
  const tested = await run(['plugin', 'test', 'plugins/pager', '--config', config.path, '--json'], process.env)
  assert.equal(tested.code, 1)
  assert.equal(JSON.parse(tested.out).ok, false)
})

test('nothing is overwritten, and odd names are refused with what to write', async () => {
  await using config = await folder()
  const at = ['--kind', 'crm', '--config', config.path, '--json']
  assert.equal((await run(['new-plugin', 'pager', ...at], {})).code, 0)
  const twice = await run(['new-plugin', 'pager', ...at], {})
  assert.deepEqual([twice.code, JSON.parse(twice.out).error.code], [2, 'FG_CLI_PLUGIN_EXISTS'])
  for (const name of ['../evil', 'Pager', 'pager_two', "x'y"]) {
    const refused = await run(['new-plugin', name, ...at], {})
    assert.deepEqual([refused.code, JSON.parse(refused.out).error.code], [2, 'FG_CLI_USAGE'], name)
  }
  const title = await run(['new-plugin', 'other', '--title', "Bobby'; drop", ...at], {})
  assert.deepEqual([title.code, JSON.parse(title.out).error.code], [2, 'FG_CLI_USAGE'])
})

test('a folder without tests, and one that is not there, are said so', async () => {
  await using config = await folder()
  const gone = await run(['plugin', 'test', './plugins/gone', '--config', config.path, '--json'], {})
  assert.deepEqual([gone.code, JSON.parse(gone.out).error.code], [2, 'FG_CLI_FILE'])
  const empty = await run(['plugin', 'test', '.', '--config', config.path, '--json'], {})
  assert.deepEqual([empty.code, JSON.parse(empty.out).error.code], [2, 'FG_CLI_PLUGIN_TESTS'])
})
