import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectionTrouble } from '../../src/store/connection-trouble.ts'

test('what a connection error means is told by its code, without the password', () => {
  const url = 'postgres://ana:hunter2@db.example:6000/forms'
  const said = (code: string, message = 'hunter2') =>
    connectionTrouble(Object.assign(new Error(message), { code }), url)
  assert.match(said('ECONNREFUSED') ?? '', /^nothing listens at db\.example:6000\./)
  assert.match(said('ENOTFOUND') ?? '', /^the host db\.example is not known here\./)
  assert.match(said('28P01') ?? '', /"ana"/)
  assert.match(said('3D000') ?? '', /"forms"/)
  assert.match(said('ETIMEDOUT') ?? '', /^no connection to db\.example:6000 \(ETIMEDOUT\)/)
  assert.match(
    connectionTrouble(new Error('timeout exceeded when trying to connect'), url) ?? '',
    /^no connection to db\.example:6000 \(timeout/,
  )
  for (const code of ['ECONNREFUSED', 'EAI_AGAIN', '28000', '3D000', 'EHOSTUNREACH']) {
    assert.doesNotMatch(said(code) ?? 'hunter2', /hunter2/)
  }
  assert.equal(said('42P01'), undefined)
  assert.equal(connectionTrouble('text', url), undefined)
})
