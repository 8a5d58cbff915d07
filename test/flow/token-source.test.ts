import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkTokenSource } from '../../src/flow/token-source.ts'
import type { JsonObject } from '../../src/plugin/json.ts'

test('a campaign, an entry point, the referral of an ad and utm are kept as they are told', () => {
  const source = {
    campaign: 'spring',
    entry_point: 'website',
    referral: { source_type: 'ad', source_id: '120210', headline: 'Try it', ctwa_clid: 'ARAk' },
    utm_source: 'google',
    utm_id: '7',
  }
  assert.deepEqual(checkTokenSource(source), { ok: true, source })
  assert.deepEqual(checkTokenSource({ campaign: 'x'.repeat(512) }).ok, true)
})

test('what is empty is as if it were left out', () => {
  const source = { campaign: ' spring ', entry_point: '', utm_term: '  ', referral: { headline: '' } }
  assert.deepEqual(checkTokenSource(source), { ok: true, source: { campaign: 'spring' } })
  assert.deepEqual(checkTokenSource({}), { ok: true, source: {} })
})

test('a slip is named, with what was most likely meant', () => {
  const cases: readonly [JsonObject, RegExp][] = [
    [{ campain: 'x' }, /^source\.campain is not known: did you mean `campaign`\?$/],
    [{ utm_Source: 'x' }, /^source\.utm_Source is not known: did you mean `utm_source`\?$/],
    [{ colour: 'x' }, /^source\.colour is not known: known are campaign, entry_point, referral and utm_…$/],
    [{ referral: { ctwa_clidd: 'x' } }, /^source\.referral\.ctwa_clidd is not known: did you mean `ctwa_clid`\?$/],
    [
      { referral: { body: 'x' } },
      /referral\.body is not known: known are source_type, source_id, headline, ctwa_clid$/,
    ],
    [{ referral: 'ad' }, /^source\.referral must be an object of source_type, /],
    [{ referral: null }, /^source\.referral must be an object/],
    [{ referral: { source_id: 120210 } }, /^source\.referral\.source_id must be a text of 512 characters at most$/],
    [{ campaign: 'x'.repeat(513) }, /^source\.campaign must be a text of 512/],
    [{ utm_source: { a: 1 } }, /^source\.utm_source must be a text/],
    [JSON.parse('{"__proto__":"x"}'), /^source\.__proto__ is not known/],
    [{ ['x'.repeat(5_000)]: 'x' }, /^.{100} is not known/],
  ]
  for (const [source, said] of cases) {
    const checked = checkTokenSource(source)
    assert.match(checked.ok ? 'taken' : checked.problem, said)
  }
})
