import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { withFileLock } from '../../../src/store/embedded/file-lock.ts'
import { processIdentity } from '../../../src/store/embedded/process-identity.ts'

async function lockFile() {
  const folder = await mkdtemp(join(tmpdir(), 'lock-'))
  return { folder, file: join(folder, 'lock'), [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

/** The identity of a process that has lived and died. */
async function deadProcess(): Promise<string> {
  const child = spawn('sleep', ['60'])
  const identity = processIdentity(child.pid ?? 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.ok(identity)
  return identity
}

describe('file lock', () => {
  it('lets one in at a time and leaves nothing behind, also when the work fails', async () => {
    await using lock = await lockFile()
    let inside = 0
    let most = 0
    const work = async () => {
      inside += 1
      most = Math.max(most, inside)
      await new Promise((settle) => setImmediate(settle))
      inside -= 1
    }
    await Promise.all(Array.from({ length: 20 }, () => withFileLock(lock.file, 10_000, work)))
    assert.equal(most, 1)
    await assert.rejects(
      withFileLock(lock.file, 1_000, () => Promise.reject(new Error('failed inside'))),
      /failed inside/,
    )
    assert.deepEqual(await readdir(lock.folder), [])
  })

  it('passes over a holder that died, and still lets only one in', async () => {
    await using lock = await lockFile()
    await writeFile(lock.file, await deadProcess())
    let inside = 0
    let most = 0
    const work = async () => {
      inside += 1
      most = Math.max(most, inside)
      await new Promise((settle) => setImmediate(settle))
      inside -= 1
    }
    await Promise.all(Array.from({ length: 10 }, () => withFileLock(lock.file, 10_000, work)))
    assert.equal(most, 1)
    assert.deepEqual(await readdir(lock.folder), [])
  })

  it('does not take a new process for a dead one that had its number', async () => {
    await using lock = await lockFile()
    await writeFile(lock.file, `${process.pid}-1`)
    assert.equal(await withFileLock(lock.file, 5_000, async () => 'in'), 'in')
  })

  it('names the living process that keeps it too long', async () => {
    await using lock = await lockFile()
    await writeFile(lock.file, processIdentity(process.pid) ?? '')
    await assert.rejects(
      withFileLock(lock.file, 60, async () => 'in'),
      { code: 'FG_STORE_LOCKED', message: new RegExp(`held by process ${process.pid} `) },
    )
  })
})
