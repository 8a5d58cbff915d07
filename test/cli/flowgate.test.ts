import assert from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { eventually } from '../support/eventually.ts'

const PROGRAMS = fileURLToPath(new URL('../../src/cli/', import.meta.url))

/** Does as the first argument says, and tells what it was given once signals find it prepared. */
const MAIN = `
  const [what, status] = process.argv.slice(2)
  if (what === 'end') process.exitCode = Number(status)
  if (what === 'wait') {
    const waiting = setInterval(() => {}, 1000)
    process.on('SIGINT', () => console.log('interrupted'))
    process.once('SIGTERM', () => { console.log('draining'); clearInterval(waiting) })
  }
  if (what === 'fork') {
    const { fork } = await import('node:child_process')
    const child = fork(process.argv[1], ['answer'])
    child.once('message', (said) => { console.log('heard', JSON.stringify(said)); child.disconnect() })
    child.send('asked')
  }
  if (what === 'answer') process.once('message', (said) => process.send(said))
  if (what === 'answer') await new Promise((resolve) => process.once('disconnect', resolve))
  else console.log(JSON.stringify(process.argv.slice(2)))
  if (what === 'die') process.kill(process.pid, 'SIGKILL')
`

/** An installation whose `main.ts` is ours, with or without a Node of its own. */
async function installation({ node }: { node: boolean }) {
  const folder = await mkdtemp(join(tmpdir(), 'installation-'))
  const brought = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`)
  await mkdir(join(folder, 'src/cli'), { recursive: true })
  for (const file of ['flowgate.js', 'node24.js', 'follow-launcher.js'])
    await copyFile(join(PROGRAMS, file), join(folder, 'src/cli', file))
  await writeFile(join(folder, 'src/main.ts'), MAIN)
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  if (node) {
    await mkdir(join(brought, 'bin'), { recursive: true })
    await writeFile(join(brought, 'package.json'), '{}')
    await symlink(process.execPath, join(brought, 'bin/node'))
  }
  return {
    run(version: string, ...given: string[]): ChildProcessWithoutNullStreams {
      return this.runFile('flowgate.js', version, ...given)
    },
    /** As a Node of this version would run it. */
    runFile(file: string, version: string, ...given: string[]): ChildProcessWithoutNullStreams {
      const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`
      const options = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`]
      const program = join(folder, 'src/cli', file)
      // A process group of its own, as a shell gives to what it starts.
      return spawn(process.execPath, [...options, program, ...given], { detached: true, cwd: folder })
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

/** What a program has said so far, and how it ended. */
function listenTo(program: ChildProcessWithoutNullStreams) {
  const heard = { out: '', err: '' }
  program.stdout.on('data', (chunk) => {
    heard.out += chunk
  })
  program.stderr.on('data', (chunk) => {
    heard.err += chunk
  })
  const closed = once(program, 'close')
  return {
    hears: (text: string) => eventually(() => heard.out.includes(text)),
    async ending() {
      const [status, signal] = await closed
      return { status, signal, ...heard }
    },
  }
}

describe('the flowgate executable', () => {
  it('runs the program itself under a Node that is new enough', async () => {
    await using installed = await installation({ node: false })
    const { status, out } = await listenTo(installed.run('24.12.0', 'end', '1', '--json')).ending()
    assert.equal(status, 1)
    assert.equal(out, '["end","1","--json"]\n')
  })

  it('hands over to the Node that was installed with it under an older one, with arguments and exit code', async () => {
    await using installed = await installation({ node: true })
    for (const version of ['18.0.0', '20.20.2', '24.11.9']) {
      const { status, out } = await listenTo(installed.run(version, 'end', '3', 'a b')).ending()
      assert.equal(status, 3)
      assert.equal(out, '["end","3","a b"]\n')
    }
  })

  it('passes SIGTERM on and lets the program finish in its own time', async () => {
    await using installed = await installation({ node: true })
    const program = installed.run('20.20.2', 'wait')
    const listener = listenTo(program)
    await listener.hears('wait')
    program.kill('SIGTERM')
    const { status, signal, out } = await listener.ending()
    assert.deepEqual({ status, signal, out }, { status: 0, signal: null, out: '["wait"]\ndraining\n' })
  })

  it('hears Ctrl-C once, although the terminal tells every process of the group', async () => {
    await using installed = await installation({ node: true })
    const program = installed.run('20.20.2', 'wait')
    const listener = listenTo(program)
    await listener.hears('wait')
    process.kill(-(program.pid ?? 0), 'SIGINT')
    await listener.hears('interrupted')
    program.kill('SIGTERM')
    assert.equal((await listener.ending()).out, '["wait"]\ninterrupted\ndraining\n')
  })

  it('dies of the signal that the program died of', async () => {
    await using installed = await installation({ node: true })
    assert.equal((await listenTo(installed.run('20.20.2', 'die')).ending()).signal, 'SIGKILL')
  })

  it('takes the program with it when it is killed outright', async () => {
    await using installed = await installation({ node: true })
    const program = installed.run('20.20.2', 'wait')
    await listenTo(program).hears('wait')
    // The program holds the pipe open for as long as it lives.
    const silent = once(program.stdout, 'close')
    program.kill('SIGKILL')
    await silent
    assert.equal(program.signalCode, 'SIGKILL')
  })

  it('says in one sentence what to install where there is no Node that is new enough', async () => {
    await using installed = await installation({ node: false })
    const { status, err } = await listenTo(installed.run('20.20.2', 'start')).ending()
    assert.equal(status, 2)
    assert.equal(
      err,
      'Flowgate needs Node 24.12 or newer, and this is Node 20.20.2: install Node 24 from https://nodejs.org/.\n',
    )
  })
})

describe('node24.js, which npm scripts go through', () => {
  it('runs any file under any Node, by its path from here, with arguments and exit code', async () => {
    await using installed = await installation({ node: true })
    for (const version of ['18.0.0', '20.20.2', '24.12.0']) {
      const program = installed.runFile('node24.js', version, 'src/main.ts', 'end', '3', 'a b')
      const { status, out } = await listenTo(program).ending()
      assert.deepEqual({ status, out }, { status: 3, out: '["end","3","a b"]\n' })
    }
  })

  it('leaves what the program forks a channel of its own', async () => {
    await using installed = await installation({ node: true })
    const program = installed.runFile('node24.js', '20.20.2', 'src/main.ts', 'fork')
    const { status, out } = await listenTo(program).ending()
    assert.deepEqual({ status, out }, { status: 0, out: '["fork"]\nheard "asked"\n' })
  })

  it('takes options of Node as well', async () => {
    await using installed = await installation({ node: true })
    for (const version of ['20.20.2', '24.12.0']) {
      const program = installed.runFile('node24.js', version, '--no-warnings', 'src/main.ts', 'end', '1')
      const { status, out } = await listenTo(program).ending()
      assert.deepEqual({ status, out }, { status: 1, out: '["end","1"]\n' })
    }
  })

  it('says in one sentence what to install where there is no Node that is new enough', async () => {
    await using installed = await installation({ node: false })
    const { status, out, err } = await listenTo(installed.runFile('node24.js', '20.20.2', 'src/main.ts')).ending()
    assert.deepEqual({ status, out }, { status: 2, out: '' })
    assert.match(err, /^Flowgate needs Node 24\.12 or newer, and this is Node 20\.20\.2: [^\n]+\n$/)
  })
})
