import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type ConfigOption, configurationFolder } from './configuration.ts'
import { CommandError, type Outcome } from './outcome.ts'
import type { Terminal } from './terminal.ts'

const HOOK = new URL('./plugin-hook.ts', import.meta.url).href

/**
 * Runs the tests in a plugin's folder, each check by its name, and passes their output on. Not ok where one fails. The
 * folder is looked for from the configuration folder, as destinations name it, then from here.
 */
export async function testPlugin(
  plugin: string,
  options: ConfigOption & { readonly json?: boolean },
  terminal: Terminal,
): Promise<Outcome> {
  const folder = folderOf(plugin, configurationFolder(options, terminal.env))
  const tests = readdirSync(folder).filter((file) => /\.test\.(ts|js|mjs)$/.test(file))
  if (tests.length === 0) {
    const message = `${folder} holds no test (*.test.ts). docs/plugins/writing-a-plugin.md shows one that runs the conformance kit.`
    throw new CommandError('FG_CLI_PLUGIN_TESTS', message)
  }
  const code = await run(
    tests.map((file) => join(folder, file)),
    terminal,
    options.json === true,
  )
  const text =
    code === 0 ? 'The plugin keeps every promise of the contract.' : 'Some checks failed: see above what to change.'
  return { ok: code === 0, text, json: { ok: code === 0, folder, tests } }
}

function folderOf(plugin: string, configuration: string): string {
  const places = [resolve(configuration, plugin), resolve(plugin)]
  const found = places.find((place) => existsSync(place) && statSync(place).isDirectory())
  if (found !== undefined) return found
  const message = `There is no folder ${places.join(' or ')}. Name the plugin as destinations.yaml does, such as ./plugins/pipe-drive.`
  throw new CommandError('FG_CLI_FILE', message)
}

function run(files: readonly string[], terminal: Terminal, quiet: boolean): Promise<number> {
  const { NODE_TEST_CONTEXT: _ofAnotherRun, ...env } = terminal.env
  const child = spawn(process.execPath, ['--import', HOOK, '--test', '--test-reporter=spec', ...files], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      if (!quiet) terminal.err(text)
    })
  }
  return new Promise((resolved, rejected) => {
    child.once('error', rejected)
    child.once('close', (code) => resolved(code ?? 1))
  })
}
