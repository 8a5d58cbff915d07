import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { Dialect } from '../../../../plugins/sql/connect/dialect.ts'
import { type NamedQuery, readQueryFile } from '../../../../plugins/sql/queries/query-file.ts'
import { type Block, readPage } from '../../../docs/markdown.ts'
import { call, type Ground, sourceOn } from './ground.ts'

const { blocks } = readPage('docs/plugins/sql-source.md')

/** The SQL of the page that says all these words, and no dialect but this one. */
function sqlOf(dialect: Dialect, ...words: readonly string[]): readonly Block[] {
  const other = dialect === 'postgres' ? 'mysql' : 'postgres'
  return blocks
    .filter(({ language }) => language === 'sql')
    .filter((block) => words.every((word) => block.words.includes(word)))
    .filter((block) => block.words.includes(dialect) || !block.words.includes(other))
}

/** Registers that the page's own tables, rights and queries work in this dialect. */
export function documentationTests(name: string, dialect: Dialect, makeGround: () => Promise<Ground>): void {
  async function ground() {
    const made = await makeGround()
    await made.run('drop table slots')
    for (const { text } of sqlOf(dialect, 'tables')) await made.run(text)
    await made.run(`insert into slots values (1, 'sales', '2026-03-02', '09:00', null), (2, 'sales', '2026-03-02', '08:30', null),
      (3, 'support', '2026-03-02', '09:00', null)`)
    await made.run(`insert into coupons values ('SPRING', 10, '2026-03-31'), ('WINTER', 20, '2026-02-28')`)
    return made
  }

  test(`${name}: the example of the page runs under the account that the page makes for it`, async () => {
    await using database = await ground()
    const account = `docs_${randomUUID().replaceAll('-', '').slice(0, 16)}`
    const [grants] = sqlOf(dialect, 'grants')
    const [example] = sqlOf(dialect, 'queries')
    assert.ok(grants !== undefined && example !== undefined)
    assert.match(example.text, /^-- example/)
    const url = new URL(database.url)
    url.username = account
    url.password = encodeURIComponent('a long random one')
    await database.run(grants.text.replaceAll('flowgate_calendar', account))
    try {
      await using source = await sourceOn({ url: url.href }, example.text)
      const asked = { department: 'sales', day: '2026-03-02' }
      const both = [
        { id: 2, title: '08:30' },
        { id: 1, title: '09:00' },
      ]
      assert.deepEqual(await source.read('free_slots', asked, call()), both)
      assert.deepEqual(await source.read('coupon', { code: 'SPRING', today: '2026-03-01' }, call()), [{ percent: 10 }])
      assert.deepEqual(await source.read('coupon', { code: 'WINTER', today: '2026-03-01' }, call()), [])
      assert.notEqual(await source.reserve('hold_slot', { slot: 2 }, call('mine')), undefined)
      assert.equal(await source.reserve('hold_slot', { slot: 2 }, call('other')), undefined)
      assert.deepEqual(await source.read('free_slots', asked, call()), both.slice(1))
      await source.release('give_slot_back', { slot: 2 }, call('mine'))
      assert.deepEqual(await source.read('free_slots', asked, call()), both)
    } finally {
      const drop = { postgres: `drop owned by ${account}; drop role ${account}`, mysql: `drop user '${account}'@'%'` }
      await database.run(drop[dialect])
    }
  })

  const forms = sqlOf(dialect, 'queries').flatMap(({ text, line }) => {
    const file = [...readQueryFile(text, { file: 'docs', dialect, writes: true }).values()]
    return file.filter(({ purpose }) => purpose === 'reserve').map((reserve) => ({ reserve, file, text, line }))
  })

  test(`${name}: the page shows more than one way to reserve`, () => {
    assert.ok(forms.length >= 2)
  })

  for (const { reserve, file, text, line } of forms) {
    test(`${name}: what the page reserves with ${reserve.name} (line ${line}) is held by one, again and again, until given back`, async () => {
      await using database = await ground()
      await using source = await sourceOn(database, text, { connections: 10 })
      const parameters = Object.fromEntries(reserve.parameters.map((parameter) => [parameter, 1]))
      const hold = (key: string) => source.reserve(reserve.name, parameters, call(key))
      const keys = Array.from({ length: 20 }, (_, index) => `key-${index}-${randomUUID()}`)
      const answers = await Promise.all(keys.map(hold))
      const [winner, ...others] = keys.filter((_, index) => answers[index] !== undefined)
      assert.ok(winner !== undefined && others.length === 0)
      assert.deepEqual(await hold(winner), answers[keys.indexOf(winner)])
      const release = file.find(({ purpose }: NamedQuery) => purpose === 'release')
      if (release === undefined) return
      await source.release(release.name, parameters, call('nobody'))
      assert.equal(await hold('another'), undefined)
      await source.release(release.name, parameters, call(winner))
      assert.notEqual(await hold('another'), undefined)
    })
  }
}
