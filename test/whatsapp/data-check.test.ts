import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../src/plugin/json.ts'
import { computesAtMost } from '../support/computes-at-most.ts'
import { declared, footer, layout, parsedScreen } from './flow-json-text.ts'

const bind = (key: string): string => `\${data.${key}}`

/** Faults of `data` on a screen, as `path message`. */
function faults(screen: JsonObject, data: JsonObject, version = '7.3'): readonly string[] {
  return parsedScreen(screen, { version })
    .check(data)
    .map(({ path, message }) => `${path} ${message}`)
}

const slots = declared('array', {
  items: {
    type: 'object',
    properties: { id: { type: 'string' }, title: { type: 'string' }, seats: { type: 'integer' } },
  },
})
const screen = {
  data: { name: declared('string'), size: declared('number'), open: declared('boolean'), slots },
  layout: layout({ type: 'Dropdown', name: 'slot', 'data-source': bind('slots') }, footer()),
}
const good = { name: 'Ana', size: 1.5, open: true, slots: [{ id: 'a', title: 'A', seats: 2 }] }

test('data as declared has no fault, with and without a snackbar', () => {
  assert.deepEqual(faults(screen, good), [])
  assert.deepEqual(faults(screen, { ...good, error_message: 'Sorry' }), [])
})

test('keys that are missing, undeclared or of another type are named with their dotted path', () => {
  assert.deepEqual(
    faults(screen, { name: 7, size: '1', open: 'yes', extra: 1, slots: [{ id: 1, title: null }, 'x'] }),
    [
      "extra is not declared in the screen's data",
      'name must be text, not a number',
      'size must be a number, not text',
      'open must be true or false, not text',
      'slots.0.id must be text, not a number',
      'slots.0.title must be text, not null',
      'slots.1 must be an object, not text',
    ],
  )
  assert.deepEqual(faults(screen, { name: 'x', slots: [] }), ['size is missing', 'open is missing'])
})

test('items of a list component need an id and a title', () => {
  assert.deepEqual(faults(screen, { ...good, slots: [{ id: 'a' }, {}] }), [
    'slots.0.title is missing',
    'slots.1.id is missing',
    'slots.1.title is missing',
  ])
})

test('the snackbar is text, and a key of its name is never required', () => {
  assert.deepEqual(faults(screen, { ...good, error_message: 1 }), ['error_message must be text, not a number'])
})

test('a pattern or reference inside a declared schema is never run', () => {
  const data = { name: declared('string', { pattern: '^(a+)+$', $ref: '#/nowhere', format: 'email' }) }
  assert.deepEqual(faults({ data }, { name: `${'a'.repeat(40)}!` }), [])
})

test('answers are checked about as quickly as they are read', async () => {
  const { check } = parsedScreen(screen)
  const many = { ...good, slots: Array.from({ length: 200 }, (_, id) => ({ id: `${id}`, title: 'x', seats: id })) }
  const reading = () => JSON.parse(JSON.stringify(many))
  const often = (work: () => unknown) => () => {
    for (let round = 0; round < 20; round += 1) work()
  }
  const work = often(() => assert.deepEqual(check(many), []))
  await computesAtMost({ work, reference: often(reading), most: (ms) => 30 * ms })
})

const jpeg = (bytes: number): string => `/9j/${'A'.repeat(Math.ceil((bytes * 4) / 3 / 4) * 4)}`
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

test('an image is base64 of a JPEG or PNG, of 300 KB at most', () => {
  const image = { data: { photo: declared('string') }, layout: layout({ type: 'Image', src: bind('photo') }, footer()) }
  assert.deepEqual(faults(image, { photo: png }), [])
  assert.deepEqual(faults(image, { photo: jpeg(200_000) }), [])
  assert.deepEqual(faults(image, { photo: jpeg(310_000) }), ['photo holds 303 KB, and Meta allows 300 KB here'])
  assert.deepEqual(faults(image, { photo: `data:image/png;base64,${png}` }), [
    'photo must be the base64 text of an image alone, without "data:…;base64," before it',
  ])
  assert.deepEqual(faults(image, { photo: 'https://example.com/a.png' }), [
    'photo must be the base64 text of an image, not a link to one',
  ])
  assert.deepEqual(faults(image, { photo: 'R0lGODlhAQABAAAAACw=' }), [
    'photo must be the base64 text of a JPEG or PNG image',
  ])
  assert.deepEqual(faults(image, { photo: '' }), ['photo must be the base64 text of a JPEG or PNG image'])
  assert.deepEqual(faults(image, { photo: `${png.slice(0, 40)}\n${png.slice(40)}` }), [
    'photo must be plain base64, without spaces or line breaks',
  ])
})

test('an image that can be hidden may be empty', () => {
  const image = layout({ type: 'Image', src: bind('photo'), visible: bind('show') }, footer())
  const data = { photo: declared('string'), show: declared('boolean') }
  assert.deepEqual(faults({ data, layout: image }, { photo: '', show: false }), [])
})

test('images in lists may have 100 KB from version 6.0 on and 300 KB before', () => {
  const shops = declared('array', { items: { type: 'object', properties: { image: { type: 'string' } } } })
  const list = {
    data: { shops },
    layout: layout({ type: 'Dropdown', name: 's', 'data-source': bind('shops') }, footer()),
  }
  const data = {
    shops: [
      { id: 'a', title: 'A', image: png },
      { id: 'b', title: 'B', image: jpeg(150_000) },
      { id: 'c', title: 'C' },
    ],
  }
  assert.deepEqual(faults(list, data), ['shops.1.image holds 147 KB, and Meta allows 100 KB here'])
  assert.deepEqual(faults(list, data, '5.1'), [])
})

test('images of a carousel are checked too', () => {
  const pictures = declared('array', { items: { type: 'object' } })
  const carousel = { data: { pictures }, layout: layout({ type: 'ImageCarousel', images: bind('pictures') }, footer()) }
  assert.deepEqual(faults(carousel, { pictures: [{ src: png }, { src: 'x' }, {}] }), [
    'pictures.2.src is missing',
    'pictures.1.src must be the base64 text of a JPEG or PNG image',
  ])
  const written = layout({ type: 'ImageCarousel', images: [{ src: bind('one'), 'alt-text': 'One' }] }, footer())
  assert.deepEqual(faults({ data: { one: declared('string') }, layout: written }, { one: 'x' }), [
    'one must be the base64 text of a JPEG or PNG image',
  ])
})
