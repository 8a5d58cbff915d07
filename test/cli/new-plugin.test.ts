import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { run } from './terminal.ts'

const TSC = resolve('node_modules/typescript/bin/tsc')

/** A configuration folder outside of the checkout. */
async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'flowgate-plugins-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

for (const kind of ['crm', 'notification', 'source']) {
  test(`a new plugin of kind ${kind} passes its conformance test at once, and type-checks`, async () => {
    await using config = await folder()
    const written = await run(['new-plugin', 'pipe-drive', '--kind', kind, '--config', config.path, '--json'], {})
    assert.equal(written.code, 0, written.err)
    assert.deepEqual(JSON.parse(written.out).files.includes('pipe-drive.test.ts'), true)
    const tested = await run(['plugin', 'test', './plugins/pipe-drive', '--config', config.path], process.env)
    assert.equal(tested.code, 0, tested.err)
    assert.match(tested.err, /pass 15/)
    assert.match(tested.err, /pipe-drive: the manifest is complete/)
    await typeCheck(config.path)
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

/** Checks the plugins of a configuration folder as strictly as the gateway's own are. */
async function typeCheck(config: string): Promise<void> {
  const settings = {
    extends: resolve('tsconfig.json'),
    compilerOptions: {
      noEmit: true,
      typeRoots: [resolve('node_modules/@types')],
      types: ['node'],
      paths: {
        'flowgate/plugin': [resolve('src/plugin/index.ts')],
        'flowgate/plugin/testing': [resolve('src/plugin/testing/index.ts')],
      },
    },
    include: ['plugins/**/*.ts'],
  }
  await writeFile(join(config, 'tsconfig.json'), JSON.stringify(settings))
  const checked = await promisify(execFile)(process.execPath, [TSC, '-p', config]).catch((error) => error)
  assert.equal(checked.stdout, '')
}
