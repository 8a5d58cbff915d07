import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { lstatSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { assertReachable } from '../../../src/store/embedded/account.ts'
import { findBinaries, libraryPath, reachablePrograms } from '../../../src/store/embedded/binaries.ts'

const run = promisify(execFile)
const stranger = { name: 'stranger', uid: 54_321, gid: 54_321 }

async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'place-'))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

describe('where the embedded PostgreSQL may live', () => {
  it('names the folder that the server may not enter, and the ways out', async () => {
    await using temporary = await temporaryFolder()
    const closed = join(temporary.folder, 'closed')
    await mkdir(closed)
    await chmod(temporary.folder, 0o755)
    await chmod(closed, 0o700)
    assert.throws(() => assertReachable(stranger, closed), {
      code: 'FG_STORE_CLOSED_FOLDER',
      message: new RegExp(`stranger.*may not enter ${closed} .*chmod o\\+x ${closed}.*set DATABASE_URL`),
    })
  })

  it('says to bring a database where none is installed for the platform', async () => {
    await using temporary = await temporaryFolder()
    await assert.rejects(findBinaries(temporary.folder, undefined, 'plan9-mips'), {
      code: 'FG_STORE_NO_EMBEDDED_POSTGRES',
      message: /installed for plan9-mips: set DATABASE_URL/,
    })
  })

  it('copies the programs into the data folder where the server may not enter the installation', async () => {
    await using temporary = await temporaryFolder()
    await chmod(temporary.folder, 0o755)
    const installation = join(temporary.folder, 'package')
    await mkdir(join(installation, 'native/bin'), { recursive: true })
    await writeFile(join(installation, 'package.json'), '{"version":"18.4.0"}')
    await writeFile(join(installation, 'native/bin/postgres'), 'the program', { mode: 0o755 })
    await chmod(installation, 0o700)
    const data = join(temporary.folder, 'data')
    await mkdir(data)
    const native = await reachablePrograms(join(installation, 'native'), data, stranger)
    assert.equal(native, join(data, 'programs-18.4.0/native'))
    assert.equal(await readFile(join(native, 'bin/postgres'), 'utf8'), 'the program')
    await writeFile(join(installation, 'native/bin/postgres'), 'changed')
    assert.equal(await reachablePrograms(join(installation, 'native'), data, stranger), native)
    assert.equal(await readFile(join(native, 'bin/postgres'), 'utf8'), 'the program')
  })

  it('makes the links to libraries that an install without scripts left out, outside of node_modules', async () => {
    await using temporary = await temporaryFolder()
    const native = join(temporary.folder, 'package/native')
    await mkdir(join(native, 'lib'), { recursive: true })
    await writeFile(join(native, 'lib/libpq.so.5.18'), 'the library')
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
    await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links))
    const environment = await libraryPath(native, temporary.folder)
    const made = join(temporary.folder, 'lib')
    assert.deepEqual(Object.values(environment), [`${made}:${join(native, 'lib')}`])
    assert.equal(await readFile(join(made, 'libpq.so.5'), 'utf8'), 'the library')
    assert.deepEqual(await libraryPath(native, temporary.folder), environment)
  })

  it('leaves the library path alone where all links are there', async () => {
    await using temporary = await temporaryFolder()
    const native = join(temporary.folder, 'package/native')
    await mkdir(join(native, 'lib'), { recursive: true })
    await writeFile(join(native, 'lib/libpq.so.5'), 'the library')
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
    await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links))
    assert.deepEqual(await libraryPath(native, temporary.folder), {})
  })

  it('runs PostgreSQL’s programs from an install without those links', async () => {
    await using temporary = await temporaryFolder()
    const { initdb } = await findBinaries(temporary.folder)
    const installed = dirname(dirname(initdb))
    const native = join(temporary.folder, 'package/native')
    await cp(installed, native, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() })
    const env = await libraryPath(native, temporary.folder)
    const { stdout } = await run(join(native, 'bin/initdb'), ['--version'], { env })
    assert.match(stdout, /PostgreSQL\) 18/)
  })
})
