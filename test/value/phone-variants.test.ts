import assert from 'node:assert/strict'
import { test } from 'node:test'
import { phoneVariants } from '../../src/value/phone-variants.ts'

const PAIRS = [
  // Brazil: the ninth digit, in any area, but not for landlines.
  ['+5511987654321', '+551187654321'],
  ['+5531998887777', '+553198887777'],
  ['+5585962345678', '+558562345678'],
  // Mexico: the 1 after the country code.
  ['+525512345678', '+5215512345678'],
  ['+523331234567', '+5213331234567'],
  // Argentina: the 9 after the country code, area codes of two to four digits.
  ['+5491123456789', '+541123456789'],
  ['+5493512345678', '+543512345678'],
  ['+5492901412345', '+542901412345'],
] as const

for (const [one, other] of PAIRS) {
  test(`${one} and ${other} are one number, the given spelling first`, () => {
    assert.deepEqual(phoneVariants(one), [one, other])
    assert.deepEqual(phoneVariants(other), [other, one])
  })
}

const ALONE = [
  ['a landline of Brazil', '+551133334444'],
  ['a mobile number of Brazil that never had eight digits', '+5511941234567'],
  ['an area that Brazil does not have', '+5500987654321'],
  ['too short for Brazil', '+55118765432'],
  ['too long for Brazil', '+55119876543210'],
  ['no number of Mexico', '+520000000000'],
  ['no number of Mexico, with its 1', '+5210000000000'],
  ['too short for Mexico', '+52551234567'],
  ['no number of Argentina', '+540000000000'],
  ['a number of another country', '+12025550123'],
  ['a number without its plus sign', '5511987654321'],
  ['a number with spaces', '+55 11 98765-4321'],
  ['an e-mail address', 'ana@acme.com'],
  ['nothing', ''],
] as const

for (const [what, text] of ALONE) {
  test(`${what} (${JSON.stringify(text)}) has no other spelling`, () => {
    assert.deepEqual(phoneVariants(text), [text])
  })
}
