import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { buildProgram } from '../../src/cli/program.ts'
import { version } from '../../src/cli/version.ts'
import { run } from './terminal.ts'

const COMMANDS = [
  'start',
  'migrate',
  'new-flow',
  'new-plugin',
  'check',
  'test',
  'simulate',
  'deliveries',
  'deliveries choose',
  'deliveries drop',
  'deliveries show',
  'replay',
  'undo',
  'hand-overs',
  'hand-overs list',
  'hand-overs close',
  'people',
  'people decide',
  'people questions',
  'people show',
  'destinations',
  'destinations status',
  'destinations pause',
  'destinations resume',
  'destinations prepare',
  'destinations describe',
  'plugin',
  'plugin test',
  'plugin try',
  'tokens',
  'tokens mint',
  'tokens revoke',
  'keys',
  'keys generate',
  'doctor',
  'error',
]

test('the program has exactly the commands that are promised', () => {
  const shell = { terminal: { env: {}, out: () => {}, err: () => {} }, finish: () => {} }
  const names = (command: Command, before: string): string[] =>
    command.commands.flatMap((child) => {
      const name = `${before}${child.name()}`
      return [name, ...names(child, `${name} `)]
    })
  assert.deepEqual(names(buildProgram(shell), '').sort(), [...COMMANDS].sort())
})

for (const command of COMMANDS) {
  test(`"${command} --help" explains itself with an example that begins with the command`, async () => {
    const { code, out, err } = await run([...command.split(' '), '--help'])
    assert.equal(code, 0)
    assert.equal(err, '')
    assert.match(out, /^Usage: flowgate /)
    assert.match(out, new RegExp(`Example:\\n  \\$ flowgate ${command}`))
  })
}

test('an unknown command, an unknown option and a missing argument exit with 2 and say so on standard error alone', async () => {
  for (const [argv, said] of [
    [['chekc'], /unknown command 'chekc'[\s\S]*check/],
    [['check', '--fast'], /unknown option '--fast'/],
    [['simulate'], /missing required argument 'flow'/],
    [['start', '--role', 'boss'], /Allowed choices are all, web, worker/],
    [['deliveries', '--limit', 'many'], /whole number/],
  ] as const) {
    const { code, out, err } = await run(argv)
    assert.equal(code, 2, argv.join(' '))
    assert.equal(out, '')
    assert.match(err, said)
  }
})

test('a command that cannot run says why without a stack, and with --json as one object as well', async () => {
  const argv = ['check', '--config', '/nowhere/at/all']
  const plain = await run(argv)
  assert.deepEqual([plain.code, plain.out], [2, ''])
  assert.match(plain.err, /There is no configuration folder \/nowhere\/at\/all\. Name the right one with --config/)
  assert.doesNotMatch(plain.err, /\n\s+at /)
  const json = await run([...argv, '--json'])
  assert.equal(json.code, 2)
  assert.deepEqual(Object.keys(JSON.parse(json.out)), ['ok', 'error'])
  assert.equal(JSON.parse(json.out).error.code, 'FG_CLI_FILE')
})

test('the stack of an error is shown with LOG_LEVEL=debug', async () => {
  const { err } = await run(['check', '--config', '/nowhere/at/all'], { LOG_LEVEL: 'debug' })
  assert.match(err, /\n\s+at /)
})

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

test('the process runs the program and hands over its exit code', () => {
  const help = spawnSync(process.execPath, [main, '--help'], { encoding: 'utf8' })
  assert.equal(help.status, 0)
  assert.match(help.stdout, /Exit codes: 0 all is well/)
  const wrong = spawnSync(process.execPath, [main, 'nothing-like-this'], { encoding: 'utf8' })
  assert.equal(wrong.status, 2)
})

test('the version is the package’s, and a reader that closes early ends nothing badly', () => {
  const printed = spawnSync(process.execPath, [main, '--version'], { encoding: 'utf8' })
  assert.deepEqual([printed.status, printed.stdout], [0, `${version()}\n`])
  assert.match(version(), /^\d+\.\d+\.\d+/u)
  const script = `"${process.execPath}" "${main}" --help | true; exit "\${PIPESTATUS[0]}"`
  const closed = spawnSync('bash', ['-c', script], { encoding: 'utf8' })
  assert.deepEqual([closed.status, closed.stderr], [0, ''])
})
