import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmRecord, Json } from 'flowgate/plugin'
import type { WriteConfig } from '../../../plugins/http/deliveries/delivery-config.ts'
import { callOf, failureOf, httpStage, inWords, recordOf } from './http-stage.ts'

/** What a server sees of a record written by this request; the message where it is refused before. */
async function asked(create: WriteConfig, fields: CrmRecord['fields'], different: Partial<CrmRecord> = {}) {
  await using stage = await httpStage()
  const crm = await stage.crm({ things: { create: { method: 'POST', ...create } } })
  const delivering = crm.deliver(recordOf('things', fields, different), callOf())
  const failure = await delivering.then(
    () => undefined,
    () => failureOf(delivering),
  )
  const [request] = stage.api.standIn.requests
  if (failure !== undefined) {
    assert.equal(request, undefined, 'it was asked all the same')
    assert.equal(inWords(failure), 'permanent record FG_HTTP_VALUE')
    return failure.message
  }
  assert.ok(request)
  const raw = stage.api.standIn.requests.length
  assert.equal(raw, 1)
  return { path: request.path, query: [...request.query], headers: request.headers, body: request.body }
}

test('a value stays inside its segment of the path', async () => {
  const table: readonly [value: Json, segment: string][] = [
    ['a/b?c#d', 'a%2Fb%3Fc%23d'],
    ['a\\b', 'a%5Cb'],
    ['%2e%2e', '%252e%252e'],
    ['...', '...'],
    ["o'x;y=1&z", "o'x%3By%3D1%26z"],
    ['{key}', '%7Bkey%7D'],
    [7, '7'],
    ['x'.repeat(300), 'x'.repeat(300)],
  ]
  for (const [who, segment] of table) {
    const seen = await asked({ path: '/echo/people/{fields.who}/notes' }, { who })
    assert.ok(typeof seen === 'object', String(seen))
    assert.equal(seen.path, `/v1/echo/people/${segment}/notes`)
    assert.deepEqual(seen.query, [])
  }
})

test('a value that would lead out of its segment, or is not there, is refused before anything is sent', async () => {
  for (const who of ['..', '.', '../../x', 'a/..', 'a\\..\\b', './x', '', 'a\r\nHost: evil', 'a\0b', ['a'], { a: 1 }]) {
    assert.match(String(await asked({ path: '/echo/{fields.who}' }, { who })), /^The field who /, JSON.stringify(who))
  }
  assert.match(String(await asked({ path: '/echo/{fields.who}' }, {})), /^The field who is missing/)
  assert.match(String(await asked({ path: '/echo/{links.contacts}' }, {})), /^\{links\.contacts\} is missing/)
  assert.match(String(await asked({ path: '/echo/{fields.a}{fields.b}/x' }, { a: '.', b: '.' })), /lead out/)
})

test('a value stays inside its value of the query, and is left out where there is none', async () => {
  const query = {
    a: '{fields.a}',
    b: 'x {fields.b}',
    c: '{fields.none}',
    d: '{fields.none}!',
    n: '{fields.null}',
    l: '{fields.l}',
    k: 1,
  }
  const seen = await asked({ path: '/echo/x', query }, { a: 'p&q=r#s', b: '%26 ü+', null: null, l: ['1', '2&3'] })
  assert.ok(typeof seen === 'object')
  assert.deepEqual(seen.query, [
    ['a', 'p&q=r#s'],
    ['b', 'x %26 ü+'],
    ['l', '1'],
    ['l', '2&3'],
    ['k', '1'],
  ])
})

test('a value stays inside its header, and line breaks are refused', async () => {
  const headers = { 'x-who': 'by {fields.who}', 'x-none': '{fields.none}' }
  const seen = await asked({ path: '/echo/x', headers }, { who: 'Ana: "x"' })
  assert.ok(typeof seen === 'object')
  assert.equal(seen.headers['x-who'], 'by Ana: "x"')
  assert.equal('x-none' in seen.headers, false)
  for (const who of ['a\r\nX-Admin: 1', 'a\nb', 'a\0', 'São']) {
    assert.match(String(await asked({ path: '/echo/x', headers }, { who })), /holds characters that a header cannot/)
  }
})

test('values in the body keep their type, and what is not there is left out', async () => {
  const body = {
    text: 'for {fields.name} of {fields.none}',
    none: '{fields.none}!',
    whole: '{fields.size}',
    yes: '{fields.yes}',
    list: ['{fields.list}', '{fields.none}', 'end'],
    cleared: '{fields.gone}',
    nested: { only: '{fields.none}', key: '{key}', braces: '{{x}}' },
    fixed: 5,
  }
  const name = '"},"admin":true,"x":"\\ \u2028 <!channel>'
  const seen = await asked({ path: '/echo/x', body }, { name, size: 12, yes: true, list: ['a', 1], gone: null })
  assert.ok(typeof seen === 'object')
  assert.deepEqual(seen.body, {
    text: `for ${name} of `,
    whole: 12,
    yes: true,
    list: [['a', 1], 'end'],
    cleared: null,
    nested: { key: 'sub_1.one', braces: '{x}' },
    fixed: 5,
  })
})

test('all fields go where a body says so, links and match by their names', async () => {
  const body = { all: '{fields}', contact: '{links.contacts}', what: '{object}/{record}' }
  const links = [
    { object: 'contacts', id: 'c1' },
    { object: 'contacts', id: 'c2' },
  ]
  const seen = await asked({ path: '/echo/x', body }, { a: 1, b: null }, { links })
  assert.ok(typeof seen === 'object')
  assert.deepEqual(seen.body, { all: { a: 1, b: null }, contact: 'c1', what: 'things/one' })
})

test('a form is sent as one, each value in its place', async () => {
  const body = { name: '{fields.name}', tag: '{fields.tags}', gone: '{fields.gone}', none: '{fields.none}' }
  const create: WriteConfig = { path: '/echo/x', body, body_as: 'form' }
  await using stage = await httpStage()
  const crm = await stage.crm({ things: { create } })
  await crm.deliver(recordOf('things', { name: 'a&b=c\r\n', tags: ['x', 'y'], gone: null }), callOf())
  const [request] = stage.api.standIn.requests
  assert.equal(request?.headers['content-type'], 'application/x-www-form-urlencoded')
  assert.equal(request?.bytes.toString(), 'name=a%26b%3Dc%0D%0A&tag=x&tag=y&gone=')
  assert.match(String(await asked(create, { name: { a: 1 } })), /has no place in a form/)
})

test('a link is escaped, and left out where it would lack something', async () => {
  await using stage = await httpStage()
  const create: WriteConfig = { path: '/notes', body: '{fields}', id: 'data.text' }
  const linked = async (link: string, text: string) => {
    const crm = await stage.crm({ things: { create, link } })
    return (await crm.deliver(recordOf('things', { text }), callOf())).url
  }
  assert.equal(await linked('https://app.example/n/{id}?t=1', 'a/b?c#d'), 'https://app.example/n/a%2Fb%3Fc%23d?t=1')
  assert.equal(await linked('https://app.example/{reply.data.id}', 'x'), 'https://app.example/notes-2')
  assert.equal(await linked('https://app.example/{reply.data.slug}', 'x'), undefined)
})
