import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import { createAccessTokens } from '../../src/registry/access-tokens.ts'
import { createLedgerInMemory } from '../../src/registry/budget-ledger.ts'
import { createBudgets } from '../../src/registry/budgets.ts'
import { createPluginContext } from '../../src/registry/plugin-context.ts'
import { readConfigurationFile } from '../../src/registry/read-configuration-file.ts'
import { keptLog } from '../support/log.ts'

let root: string
let folder: string
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'flowgate-files-'))
  folder = join(root, 'config')
  await mkdir(join(folder, 'queries'), { recursive: true })
  await mkdir(join(root, 'config-of-others'))
  await writeFile(join(folder, 'queries/calendar.sql'), '\uFEFFselect 1 as "número"')
  await writeFile(join(folder, 'queries/latin.sql'), Buffer.from([0xe9, 0x20]))
  await writeFile(join(folder, '..dots'), 'a name that begins with dots')
  await writeFile(join(root, 'secret.txt'), 'hunter2')
  await writeFile(join(root, 'config-of-others/secret.txt'), 'hunter2')
  await symlink(join(root, 'secret.txt'), join(folder, 'out.txt'))
  await symlink(root, join(folder, 'up'))
  await symlink(join(folder, 'queries/calendar.sql'), join(folder, 'in.sql'))
  await symlink(folder, join(root, 'linked'))
})
after(() => rm(root, { recursive: true }))

function context(crm: () => Promise<never> = () => Promise.reject(new Error('none'))) {
  const clock = { now: () => new Date('2026-05-04T10:00:00Z') }
  const { log } = keptLog()
  const budgets = createBudgets(createLedgerInMemory())
  const tokens = createAccessTokens({ clock, log })
  const named = { name: 'calendar', tokenPlace: 'calendar', budget: undefined }
  return createPluginContext({ ...named, folder, log, clock, allowHosts: [], crm, budgets, tokens })
}

test('a context has the name, the time, the log and the way to other destinations it is made with', async () => {
  const given = context(() => Promise.reject(new Error('asked for it')))
  assert.equal(given.destination, 'calendar')
  assert.equal(given.now().toISOString(), '2026-05-04T10:00:00.000Z')
  await assert.rejects(given.crm('hubspot'), /asked for it/)
})

test('its fetch is the guarded one', async () => {
  await assert.rejects(context().fetch('http://127.0.0.1:9/'), /FG_URL_REFUSED/)
})

test('files of the configuration folder are read by their path in there, links within it followed', async () => {
  const text = 'select 1 as "número"'
  for (const path of ['queries/calendar.sql', './queries/calendar.sql', './queries/../in.sql', 'in.sql']) {
    assert.equal(await context().readFile(path), text, path)
  }
  assert.equal(await context().readFile('..dots'), 'a name that begins with dots')
  assert.equal(await readConfigurationFile(join(root, 'linked'))('in.sql'), text, 'the folder itself may be a link')
})

test('what lies elsewhere is not read, whichever way it is named', async () => {
  const ways = [
    '../secret.txt',
    'queries/../../secret.txt',
    '../config-of-others/secret.txt',
    'out.txt',
    'up/secret.txt',
  ]
  for (const path of [...ways, join(root, 'secret.txt'), '/etc/passwd', '.', '', '..', 'up']) {
    const error: unknown = await context()
      .readFile(path)
      .catch((thrown) => thrown)
    assert.ok(error instanceof FailureError, path)
    assert.equal(error.failure.code, 'FG_PLUGIN_FILE')
    assert.ok(error.failure.kind === 'permanent' && error.failure.scope === 'destination')
    assert.match(error.failure.message, /is not in the configuration folder: name a file in there/, path)
  }
})

test('a file that is missing, no file or no text is told in a sentence', async () => {
  await assert.rejects(context().readFile('queries/calender.sql'), /there is no file queries\/calender\.sql/)
  await assert.rejects(context().readFile('queries'), /queries cannot be read \(EISDIR\): check that it is a file/)
  await assert.rejects(context().readFile('queries/latin.sql'), /queries\/latin\.sql is not UTF-8 text/)
})
