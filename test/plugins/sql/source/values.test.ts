import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import mysql, { type FieldPacket } from 'mysql2'
import { jsonNumber } from '../../../../plugins/sql/connect/json-number.ts'
import { fromMysql, toMysql } from '../../../../plugins/sql/connect/mysql-values.ts'
import { getTypeParser, toPostgres } from '../../../../plugins/sql/connect/postgres-values.ts'

test('an exact number is a number where nothing is lost by it, else its digits', () => {
  const kept = [
    '0',
    '-1',
    '12.50',
    '0.1',
    '-0.000001',
    '9007199254740991',
    '-9007199254740991',
    '123456789012345.000',
    '007',
  ]
  for (const digits of kept) assert.equal(jsonNumber(digits), Number(digits))
  const lost = [
    '9007199254740993',
    '-18446744073709551615',
    '0.1234567890123456',
    '12345678901234567890',
    'NaN',
    'Infinity',
    '',
  ]
  for (const digits of lost) assert.equal(jsonNumber(digits), digits)
})

describe('what is bound', () => {
  test('for MySQL is text, whatever it was: a number would be compared as one with a column of texts', () => {
    const bound = ['a', '', 0, -1.5, 1e21, true, false, null, ['a', 1], { a: null }].map(toMysql)
    assert.deepEqual(bound, ['a', '', '0', '-1.5', '1e+21', '1', '0', null, '["a",1]', '{"a":null}'])
  })

  test('for PostgreSQL is text that the server makes the type of, and lists of such', () => {
    const bound = ['a', '', 0, -1.5, true, null, { a: [1] }].map(toPostgres)
    assert.deepEqual(bound, ['a', '', '0', '-1.5', 'true', null, '{"a":[1]}'])
    assert.deepEqual(toPostgres(['a', 1, null, true, { a: 1 }]), ['a', '1', null, 'true', '{"a":1}'])
    assert.deepEqual(toPostgres([]), [])
  })
})

describe('what MySQL answers', () => {
  const { Types } = mysql
  const read = (value: unknown, columnType: number) => fromMysql(value, { columnType } as FieldPacket)

  test('becomes JSON by the type of its column', () => {
    assert.equal(read('12.50', Types.NEWDECIMAL), 12.5)
    assert.equal(read('12345678901234567890.5', Types.DECIMAL), '12345678901234567890.5')
    assert.equal(read(0.10000000149011612, Types.FLOAT), 0.1)
    assert.equal(read(0.1, Types.DOUBLE), 0.1)
    assert.equal(read('2026-03-01 09:30:00.5', Types.DATETIME), '2026-03-01T09:30:00.5')
    assert.equal(read('2026-03-01 09:30:00', Types.TIMESTAMP), '2026-03-01T09:30:00')
    assert.equal(read('2026-03-01', Types.DATE), '2026-03-01')
    assert.equal(read('a 1', Types.VAR_STRING), 'a 1')
    assert.deepEqual(read({ a: 1 }, Types.JSON), { a: 1 })
    assert.equal(read(null, Types.DATETIME), null)
  })

  test('of bytes is base64, and of few bits a number', () => {
    assert.equal(read(Buffer.from([0, 255, 16]), Types.BLOB), 'AP8Q')
    assert.equal(read(Buffer.from([1, 0]), Types.BIT), 256)
    assert.equal(read(Buffer.alloc(8, 255), Types.BIT), '//////////8=')
  })
})

describe('what PostgreSQL answers', () => {
  const read = (type: number, text: string) => getTypeParser(type)(text)

  test('of instants is in UTC, wherever the server is; what is none stays as it is written', () => {
    const TIMESTAMPTZ = 1184
    assert.equal(read(TIMESTAMPTZ, '2026-03-01 09:30:00.123456+05:30'), '2026-03-01T04:00:00.123Z')
    assert.equal(read(TIMESTAMPTZ, '2026-03-01 09:30:00-03'), '2026-03-01T12:30:00.000Z')
    for (const text of ['infinity', '-infinity', '0044-03-15 12:00:00+00 BC', '10000-01-01 00:00:00+00']) {
      assert.equal(read(TIMESTAMPTZ, text), text)
    }
    assert.equal(read(1114, '2026-03-01 09:30:00'), '2026-03-01T09:30:00')
    assert.equal(read(1114, 'infinity'), 'infinity')
  })

  test('of a type nobody knows is the text the server writes', () => {
    assert.equal(read(600, '(1,2)'), '(1,2)')
    assert.equal(read(999_999, '{a,b}'), '{a,b}')
  })
})
