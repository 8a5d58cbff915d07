import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonText } from '../../src/store/json-text.ts'
import { createPool } from '../../src/store/pool.ts'
import { testDatabase } from '../support/database.ts'

test('what jsonb refuses is left out or replaced, at any depth, and all else is as it was', async () => {
  await using database = await testDatabase()
  const pool = createPool({ url: database.url, max: 1, name: 'test' })
  const read = async (value: unknown) => {
    const { rows } = await pool.query<{ value: unknown }>('select $1::jsonb as value', [jsonText(value)])
    return rows[0]?.value
  }
  assert.deepEqual(await read({ a: ['x\0y', { b: '\ud83d!' }] }), { a: ['xy', { b: '\ufffd!' }] })
  const whole = { emoji: '😀', written: String.raw`\u0000 and \ud83d`, number: 1.5, none: null, list: [true] }
  assert.deepEqual(await read(whole), whole)
  await pool.end()
})
