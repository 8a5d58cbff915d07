import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError, type Json } from 'flowgate/plugin'
import type { QueryConfig } from '../../../plugins/http/questions/source-config.ts'
import { calendar, callOf } from './calendar.ts'

/** What a server sees of a question, or the parameter it is refused for. */
async function asked(query: QueryConfig, parameters: Readonly<Record<string, Json>>) {
  await using stage = await calendar()
  const source = await stage.source({ base_url: `${stage.vendor.url}/echo`, queries: { one: query } })
  try {
    const { path, query, headers, body } = JSON.parse(JSON.stringify(await source.read('one', parameters, callOf())))
    return { path, query, headers, body }
  } catch (error) {
    assert.ok(error instanceof FailureError, String(error))
    const { failure } = error
    assert.deepEqual([failure.kind, failure.code], ['permanent', 'FG_HTTP_SOURCE_PARAMETER'])
    assert.deepEqual(stage.vendor.requests, [], 'it was asked all the same')
    return failure.message
  }
}

test('a parameter stays inside its segment of the path', async () => {
  const table: readonly [value: Json, segment: string][] = [
    ['plain', 'plain'],
    ['a/b?c#d', 'a%2Fb%3Fc%23d'],
    ['a\\b', 'a%5Cb'],
    ['50%', '50%25'],
    ['%2e%2e', '%252e%252e'],
    ['%2F..', '%252F..'],
    ['x/%2e%2E/y', 'x%2F%252e%252E%2Fy'],
    ['...', '...'],
    ['a..b', 'a..b'],
    ['ana@acme.com;x=1', 'ana%40acme.com%3Bx%3D1'],
    ['São Paulo', 'S%C3%A3o%20Paulo'],
    ['\uD800', '%EF%BF%BD'],
    ['{key}', '%7Bkey%7D'],
    [-1.5, '-1.5'],
    [true, 'true'],
  ]
  for (const [value, segment] of table) {
    const seen = await asked({ path: '/people/{who}/slots' }, { who: value })
    assert.ok(typeof seen === 'object', String(seen))
    assert.equal(seen.path, `/echo/people/${segment}/slots`)
    assert.deepEqual(seen.query, [])
  }
})

test('a parameter that would lead out of its segment is refused', async () => {
  const ways = ['..', '.', '../../x', 'a/..', '../', 'a\\..\\b', './x', 'x/.', '%2e%2e/..']
  for (const who of [...ways, '', 'a\r\nHost: evil', 'a\0b', 'a\tb', '\u007f', '\u0085']) {
    const seen = await asked({ path: '/people/{who}/slots' }, { who })
    assert.match(String(seen), /^The parameter who /, JSON.stringify(who))
  }
  for (const path of ['/{a}{b}/x', '/.{a}/x', '/%2e{a}/x', '/x/{a}%2E']) {
    assert.match(String(await asked({ path }, { a: '.', b: '.' })), /^The parameter a would lead out/, path)
  }
})

test('a parameter stays inside its value of the query', async () => {
  for (const value of ['a&b=c', 'a#b', 'a b+c', '%26', '=', 'a\r\nb', '../..', 'ä\uD800']) {
    const seen = await asked(
      { path: '/slots', query: { who: '{who}', note: 'for {who}!', plain: 'yes' } },
      { who: value },
    )
    assert.ok(typeof seen === 'object', String(seen))
    const text = value.toWellFormed()
    assert.deepEqual(seen.query, [
      ['who', text],
      ['note', `for ${text}!`],
      ['plain', 'yes'],
    ])
    assert.equal(seen.path, '/echo/slots')
  }
})

test('a parameter cannot end a header and begin another', async () => {
  const headers = { 'X-Ref': 'flow {who}' }
  const seen = await asked({ path: '/slots', headers }, { who: 'ana: "x", y' })
  assert.ok(typeof seen === 'object', String(seen))
  assert.equal(seen.headers['x-ref'], 'flow ana: "x", y')
  for (const who of ['a\r\nx-admin: 1', 'a\nb', 'a\0', 'Åse', '\u2028']) {
    assert.match(String(await asked({ path: '/slots', headers }, { who })), /^The parameter who holds characters/)
  }
})

test('a parameter cannot add to a body', async () => {
  const who = '","admin":true,"x":"'
  const seen = await asked({ path: '/slots', method: 'POST', body: { who: '{who}', note: 'for {who}' } }, { who })
  assert.ok(typeof seen === 'object', String(seen))
  assert.deepEqual(seen.body, { who, note: `for ${who}` })
})

test('a parameter that is missing, or has no place in a text, is named and refused', async () => {
  const table: readonly [query: QueryConfig, parameters: Readonly<Record<string, Json>>][] = [
    [{ path: '/people/{who}' }, {}],
    [{ path: '/people/{who}' }, { who: null }],
    [{ path: '/people/{who}' }, { who: ['a'] }],
    [{ path: '/people/{who}' }, { who: { a: 1 } }],
    [{ path: '/people', query: { who: '{who}' } }, {}],
    [{ path: '/people', query: { who: 'x {who}' } }, { who: null }],
    [{ path: '/people', query: { who: '{who}' } }, { who: { a: 1 } }],
    [{ path: '/people', headers: { 'x-who': '{who}' } }, { who: null }],
    [{ path: '/people', method: 'POST', body: { who: '{who}' } }, {}],
    [{ path: '/people', method: 'POST', body: { who: 'x {who}' } }, { who: [] }],
    [{ path: '/people/{toString}' }, {}],
  ]
  for (const [query, parameters] of table) {
    assert.match(String(await asked(query, parameters)), /^The parameter (who|toString) is /, JSON.stringify(query))
  }
  const list = await asked({ path: '/people', query: { who: '{who}' } }, { who: ['a', ['b']] })
  assert.match(String(list), /^The parameter who is a list or an object/)
})

test('braces that are no place are written twice', async () => {
  const seen = await asked({ path: '/{{x}}', query: { filter: '{{"who":"{who}"}}' } }, { who: 'ana' })
  assert.ok(typeof seen === 'object', String(seen))
  assert.equal(seen.path, '/echo/%7Bx%7D')
  assert.deepEqual(seen.query, [['filter', '{"who":"ana"}']])
})
