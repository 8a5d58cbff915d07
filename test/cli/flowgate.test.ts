import assert from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../src/cli/flowgate.js', import.meta.url))

/** Tells what it was given, then does as the first argument says. */
const MAIN = `
  const [what, status] = process.argv.slice(2)
  console.log(JSON.stringify(process.argv.slice(2)))
  if (what === 'end') process.exitCode = Number(status)
  if (what === 'die') process.kill(process.pid, 'SIGKILL')
  if (what === 'wait') {
    const waiting = setInterval(() => {}, 1000)
    process.on('SIGINT', () => console.log('interrupted'))
    process.once('SIGTERM', () => { console.log('draining'); clearInterval(waiting) })
  }
`

/** An installation whose `main.ts` is ours, with or without a Node of its own. */
async function installation({ node }: { node: boolean }) {
  const folder = await mkdtemp(join(tmpdir(), 'installation-'))
  const brought = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`)
  await mkdir(join(folder, 'src/cli'), { recursive: true })
  await copyFile(PROGRAM, join(folder, 'src/cli/flowgate.js'))
  await writeFile(join(folder, 'src/main.ts'), MAIN)
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  if (node) {
    await mkdir(join(brought, 'bin'), { recursive: true })
    await writeFile(join(brought, 'package.json'), '{}')
    await symlink(process.execPath, join(brought, 'bin/node'))
  }
  return {
    /** As a Node of this version would run it. */
    run(version: string, ...given: string[]): ChildProcessWithoutNullStreams {
      const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`
      const options = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`]
      const program = join(folder, 'src/cli/flowgate.js')
      // A process group of its own, as a shell gives to what it starts.
      return spawn(process.execPath, [...options, program, ...given], { detached: true })
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

async function ending(program: ChildProcessWithoutNullStreams) {
  const [[status, signal], out, err] = await Promise.all([
    once(program, 'exit'),
    text(program.stdout),
    text(program.stderr),
  ])
  return { status, signal, out, err }
}

describe('the flowgate executable', () => {
  it('runs the program itself under a Node that is new enough', async () => {
    await using installed = await installation({ node: false })
    const { status, out } = await ending(installed.run('24.12.0', 'end', '1', '--json'))
    assert.equal(status, 1)
    assert.equal(out, '["end","1","--json"]\n')
  })

  it('hands over to the Node that was installed with it under an older one, with arguments and exit code', async () => {
    await using installed = await installation({ node: true })
    for (const version of ['18.0.0', '20.20.2', '24.11.9']) {
      const { status, out } = await ending(installed.run(version, 'end', '3', 'a b'))
      assert.equal(status, 3)
      assert.equal(out, '["end","3","a b"]\n')
    }
  })

  it('passes SIGTERM on and lets the program finish in its own time', async () => {
    await using installed = await installation({ node: true })
    const program = installed.run('20.20.2', 'wait')
    await once(program.stdout, 'data')
    program.kill('SIGTERM')
    const { status, signal, out } = await ending(program)
    assert.deepEqual({ status, signal, out }, { status: 0, signal: null, out: 'draining\n' })
  })

  it('hears Ctrl-C once, although the terminal tells every process of the group', async () => {
    await using installed = await installation({ node: true })
    const program = installed.run('20.20.2', 'wait')
    await once(program.stdout, 'data')
    process.kill(-(program.pid ?? 0), 'SIGINT')
    const [heard] = await once(program.stdout, 'data')
    assert.equal(String(heard), 'interrupted\n')
    program.kill('SIGTERM')
    assert.equal((await ending(program)).out, 'draining\n')
  })

  it('dies of the signal that the program died of', async () => {
    await using installed = await installation({ node: true })
    assert.equal((await ending(installed.run('20.20.2', 'die'))).signal, 'SIGKILL')
  })

  it('says in one sentence what to install where there is no Node that is new enough', async () => {
    await using installed = await installation({ node: false })
    const { status, err } = await ending(installed.run('20.20.2', 'start'))
    assert.equal(status, 2)
    assert.equal(
      err,
      'Flowgate needs Node 24.12 or newer, and this is Node 20.20.2: install Node 24 from https://nodejs.org/.\n',
    )
  })
})
