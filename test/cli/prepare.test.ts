import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ledgerConfiguration } from './ledger-configuration.ts'
import { run } from './terminal.ts'

const env = { LEDGER_TOKEN: 'secret' }
const field = { description: 'create the unique field flowgate on deals', done: false }
const scope = {
  description: 'the scope deals.write',
  done: false,
  byHand: 'Open Settings, then Apps.\nTick deals.write.',
}

const prepare = (folder: string, ...argv: string[]) =>
  run(['destinations', 'prepare', 'main', ...argv, '--config', folder], env)
const asked = (folder: string) => JSON.parse(readFileSync(join(folder, 'asked.json'), 'utf8'))

test('a plugin is told how mappings of all occasions use each kind of record', async () => {
  const folder = ledgerConfiguration({ needs: [{ ...field, done: true }] })
  const { code, out } = await prepare(folder)
  assert.deepEqual([code, out], [0, '✓ create the unique field flowgate on deals\nmain is prepared.\n'])
  const { uses, apply } = asked(folder)
  assert.equal(apply, false)
  assert.deepEqual(uses, [
    {
      object: 'contacts',
      creates: false,
      matches: ['email'],
      fields: ['code', 'created', 'email', 'name', 'nmae', 'note', 'shout', 'stage', 'tags', 'tier', 'topics'],
      files: false,
    },
    { object: 'deals', creates: true, matches: [], fields: ['title'], files: false },
    { object: 'tickts', creates: true, matches: [], fields: ['a'], files: false },
  ])
})

test('what only a person can do is shown step by step, and nothing is asked or made for it alone', async () => {
  const folder = ledgerConfiguration({ needs: [{ ...field, done: true }, scope] })
  const { code, out } = await prepare(folder, '--yes')
  assert.equal(code, 1)
  assert.equal(
    out,
    [
      '✓ create the unique field flowgate on deals',
      '✗ the scope deals.write',
      '    Open Settings, then Apps.',
      '    Tick deals.write.',
      'The indented steps are done by hand; then run this again.',
      '',
    ].join('\n'),
  )
  assert.equal(asked(folder).apply, false)
})

test('with both, what can be made is made with --yes alone, and the rest stays', async () => {
  const folder = ledgerConfiguration({ needs: [field, scope] })
  const shown = await prepare(folder, '--json')
  assert.equal(shown.code, 1)
  assert.deepEqual(JSON.parse(shown.out).preparations, [
    field,
    { description: scope.description, done: false, by_hand: scope.byHand },
  ])
  assert.equal(asked(folder).apply, false)
  const made = await prepare(folder, '--yes')
  assert.equal(made.code, 1)
  assert.match(made.out, /^✓ create the unique field[^\n]*\n✗ the scope/)
  assert.equal(asked(folder).apply, true)
})
