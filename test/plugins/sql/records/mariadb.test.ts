import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sqlConformance } from '../../../conformance/sql-stage.ts'
import { hasMariadb, Mariadb } from '../../../support/mariadb.ts'
import { documentationTests } from './documented.ts'
import { enduringTests } from './enduring.ts'
import { findingTests } from './finding.ts'
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
  documentationTests('MariaDB', ground)
  sqlConformance('sql on MariaDB', () => mariadbPlace(server))
}
