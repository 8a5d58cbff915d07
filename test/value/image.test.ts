import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RawValue } from '../../src/config/schema/value.ts'
import { compileValue } from '../../src/value/value.ts'
import { faultless, findings, scopeOf } from './scope-of.ts'

const images = new Map([
  ['house.png', 'aG91c2U='],
  ['flat.jpg', 'ZmxhdA=='],
])
const scope = scopeOf({ form: { kind: 'house' }, asked: { homes: [{ id: 'h' }], home: { photo: 'cGhvdG8=' } } })

const TABLE: readonly (readonly [string, RawValue, unknown])[] = [
  ['is the text of its file', { image: 'house.png' }, 'aG91c2U='],
  ['may have a condition', { image: 'house.png', when: { 'form.kind': 'flat' } }, undefined],
  [
    'is chosen like any value',
    { choose: [{ when: { 'form.kind': 'flat' }, value: 'x' }, { value: { image: 'flat.jpg' } }] },
    'ZmxhdA==',
  ],
  ['is a member of an item beside others', { id: 'h', image: 'cGhvdG8=' }, { id: 'h', image: 'cGhvdG8=' }],
  ['is a member where an image is its value', { image: { image: 'house.png' } }, { image: 'aG91c2U=' }],
  ['is a member where a path is its value', { image: { from: 'asked.home.photo' } }, { image: 'cGhvdG8=' }],
  ['is a member beside a description', { image: 'cGhvdG8=', 'alt-text': 'A' }, { image: 'cGhvdG8=', 'alt-text': 'A' }],
  ['is a constant under `value`', { value: { image: 'cGhvdG8=' } }, { image: 'cGhvdG8=' }],
  [
    'stands in items that `each` makes',
    { each: 'asked.homes', as: { id: { from: 'item.id' }, image: { image: 'house.png' } } },
    [{ id: 'h', image: 'aG91c2U=' }],
  ],
]

describe('`image`', () => {
  for (const [what, raw, expected] of TABLE) {
    test(what, async () => {
      assert.deepEqual(await compileValue(raw, faultless, [], { images }).evaluate(scope), expected)
    })
  }

  test('is the same for everyone', () => {
    assert.deepEqual(compileValue({ image: 'house.png' }, faultless, [], { images }).paths, [])
  })
})

const MISTAKES: readonly (readonly [RawValue, ReadonlyMap<string, string> | undefined, string])[] = [
  [{ image: 'hose.png' }, images, 'there is no image `hose.png` in the folder `images`: did you mean `house.png`?'],
  [{ image: 'images/house.png' }, images, 'did you mean `house.png`?'],
  [{ image: 'garden.webp' }, images, ': there are house.png, flat.jpg'],
  [{ image: 'house.png' }, new Map(), ': the flow has no folder `images`, or none in it'],
  [{ image: 'A'.repeat(4_000) }, images, '`image` is the name of a file in `images`: write `value:` before an object'],
  [{ image: 'house.png' }, undefined, '`image` is known only in the screens of a flow'],
]

describe('a mistaken `image`', () => {
  for (const [raw, known, message] of MISTAKES) {
    test(message, async () => {
      const found = findings()
      const value = compileValue(raw, found.report, ['data', 'x'], { images: known })
      assert.equal(await value.evaluate(scope), undefined)
      assert.equal(found.all.length, 1, found.messages().join(' | '))
      assert.ok(found.all[0]?.message.includes(message), found.all[0]?.message)
      assert.deepEqual(found.all[0]?.path, ['data', 'x', 'image'])
    })
  }

  test('is never taken for an object where objects are refused', () => {
    for (const raw of [{ image: 'house.png' }, { image: 3 }, { image: 'house.png', id: 'h' }]) {
      const found = findings()
      compileValue(raw, found.report, [], { objects: 'refused' })
      assert.match(found.messages()[0] ?? '', /`image`/)
    }
  })
})
