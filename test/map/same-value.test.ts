import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sameValue } from '../../src/map/same-value.ts'
import type { Json } from '../../src/plugin/json.ts'

const SAME: readonly (readonly [Json | undefined, Json | undefined])[] = [
  [undefined, null],
  ['', undefined],
  [' ', []],
  ['a', ' a\n'],
  ['a\r\nb', 'a\nb'],
  [75000, '75000.0'],
  ['0.50', 0.5],
  [-3, '-3'],
  [true, 'true'],
  ['2026-11-21', '1795219200000'],
  ['2026-11-21', '2026-11-21T00:00:00.000+0000'],
  ['2026-11-21T14:03:00Z', '2026-11-21T15:03:00+01:00'],
  ['2026-11-21 14:03:00', '2026-11-21T14:03:00.000Z'],
  [['a', 'b'], 'b;a'],
  [['a'], 'a'],
  [
    [1, 2],
    ['2', '1'],
  ],
  [{ a: 1 }, { a: 1 }],
]

const DIFFERENT: readonly (readonly [Json | undefined, Json | undefined])[] = [
  [undefined, 0],
  ['', false],
  ['a', 'A'],
  ['007', '7'],
  ['+551', '551'],
  ['12345678901234567890', '12345678901234567891'],
  ['2026-11-21', '2026-11-22'],
  ['2026-13-45', '2026-13-46'],
  ['2026-11-21', '2026'],
  [['a', 'b'], 'a'],
  [
    ['a', 'b'],
    ['a', 'c'],
  ],
  [true, 1],
  ['1e3', 1000],
]

for (const [pairs, same] of [
  [SAME, true],
  [DIFFERENT, false],
] as const) {
  for (const [one, other] of pairs) {
    test(`${JSON.stringify(one)} and ${JSON.stringify(other)} are ${same ? 'one value' : 'two values'}`, () => {
      assert.equal(sameValue(one, other), same)
      assert.equal(sameValue(other, one), same)
    })
  }
}
