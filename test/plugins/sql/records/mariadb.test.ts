import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sqlConformance } from '../../../conformance/sql-stage.ts'
import { hasMariadb, Mariadb } from '../../../support/mariadb.ts'
import { bendingTests } from './bending.ts'
import { documentationTests } from './documented.ts'
import { enduringTests } from './enduring.ts'
import { findingTests } from './finding.ts'
import { call, crmOn, lead, told } from './ground.ts'
import { mariadbGround, mariadbPlace } from './mariadb-ground.ts'
import { preparingTests } from './preparing.ts'
import { refusingTests } from './refusing.ts'
import { writingTests } from './writing.ts'

test('MySQL and MariaDB: the dialect is tried on a real server, always where CI is set', () => {
  const cure =
    'MariaDB is not installed, so the dialect would go untried: apt-get install mariadb-server, as .ci/run does.'
  assert.ok(hasMariadb() || process.env['CI'] === undefined, cure)
  if (!hasMariadb()) console.log('MariaDB is not installed: what needs its server was not tried.')
})

if (hasMariadb()) testOnServer(await Mariadb.start())

function testOnServer(server: Mariadb): void {
  after(() => server[Symbol.asyncDispose]())
  const ground = () => mariadbGround(server)
  writingTests('MariaDB', ground)
  refusingTests('MariaDB', ground)
  findingTests('MariaDB', ground)
  preparingTests('MariaDB', ground)
  enduringTests('MariaDB', ground)
  bendingTests('MariaDB', ground)
  ownTests(server)
  documentationTests('MariaDB', ground)
  sqlConformance('sql on MariaDB', () => mariadbPlace(server))
}

function ownTests(server: Mariadb): void {
  test('MariaDB: a key with characters that its column cannot hold is refused, and finds nothing', async () => {
    await using ground = await mariadbGround(server)
    await ground.run('create table narrow (id integer primary key, email varchar(20) unique) character set utf8mb3')
    await using crm = await crmOn(ground)
    const record = { ...lead({ id: 1, email: 'ana 😀' }), object: 'narrow' }
    assert.equal(await told(crm.deliver(record, call())), 'record FG_SQL_VALUE')
    const look = { object: 'narrow', field: 'email', value: 'ana 😀', fields: [] }
    assert.equal(await crm.find(look, call()), null)
    assert.deepEqual(await ground.run('select id from narrow'), [])
  })

  test('MariaDB: the values of an enum are what they are, also with a backslash or a quote', async () => {
    await using ground = await mariadbGround(server)
    const options = ['either\\or', `it's`, 'two\nlines', 'a,b']
    const written = options.map((option) => `'${option.replace('\\', '\\\\').replace("'", "''")}'`).join(', ')
    await ground.run(`create table choosing (id integer primary key, choice enum(${written}))`)
    await using crm = await crmOn(ground)
    for (const [id, choice] of options.entries()) {
      await crm.deliver({ ...lead({ id, choice }, { match: 'id' }), object: 'choosing' }, call())
    }
    const rows = await ground.run('select choice from choosing order by id')
    assert.deepEqual(
      rows.map((row) => row['choice']),
      options,
    )
    const [choosing] = await crm.describe(['choosing'], call())
    assert.deepEqual(
      choosing?.fields[1]?.options?.map(({ value }) => value),
      options,
    )
  })

  test('MariaDB: an account with rights to columns alone writes and links, also beside texts that it may not see', async () => {
    await using ground = await mariadbGround(server)
    const database = new URL(ground.url).pathname.slice(1)
    const url = new URL(ground.writerUrl)
    await ground.run(`insert into companies (id, name) values (1, 'Acme');
      create table parted (id integer auto_increment primary key, email varchar(20) unique, secret longtext, answers json,
        company_id integer, constraint belongs foreign key (company_id) references companies (id));
      grant select (id, email), insert (email, answers, company_id), update (answers, company_id)
        on ${database}.parted to '${url.username}'@'%';
      grant select on ${database}.companies to '${url.username}'@'%'`)
    await using crm = await crmOn({ url: url.href }, { tables: { parted: { links: { companies: 'company_id' } } } })
    const record = { ...lead({ email: 'ana', answers: { a: 1 } }), object: 'parted' }
    const links = [{ object: 'companies', id: '1' }]
    assert.equal((await crm.deliver({ ...record, links }, call())).outcome, 'created')
    const rows = await ground.run('select email, secret, company_id from parted')
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [{ email: 'ana', secret: null, company_id: 1 }],
    )
  })
}
