import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Message } from 'flowgate/plugin'
import { layOut } from '../../../plugins/slack/blocks.ts'
import { readBlocks } from '../../stand-ins/slack-blocks.ts'

test('a message becomes a header, text, facts, a link and a note on the record', () => {
  const message: Message = {
    title: 'New lead: Ana',
    text: 'Wants a call.',
    facts: [{ label: 'Company size', value: '120' }],
    link: { label: 'Open in HubSpot', url: 'https://crm.example/1' },
    record: 'known',
  }
  assert.deepEqual(layOut(message), {
    text: 'New lead: Ana',
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: 'New lead: Ana' } },
      { type: 'section', text: { type: 'plain_text', text: 'Wants a call.' } },
      { type: 'section', fields: [{ type: 'plain_text', text: 'Company size\n120' }] },
      { type: 'section', text: { type: 'mrkdwn', text: '<https://crm.example/1|Open in HubSpot>' } },
      { type: 'context', elements: [{ type: 'plain_text', text: 'Known record' }] },
    ],
  })
})

test('what holds nothing that can be shown leaves no empty text, which Slack refuses with the whole message', () => {
  const { blocks } = layOut({ title: 'a', text: '\u0001', facts: [{ label: '\u0001', value: '\u0001' }] })
  assert.deepEqual(blocks.slice(1), [{ type: 'section', fields: [{ type: 'plain_text', text: '–\n' }] }])
})

test('what is absent leaves no block', () => {
  const { blocks, text } = layOut({ title: ' ', text: ' \n', facts: [] })
  assert.deepEqual(blocks, [{ type: 'header', text: { type: 'plain_text', text: 'Notification' } }])
  assert.equal(text, 'Notification')
})

test('the title is one line of at most 150 characters, with the mark of a repeat always whole', () => {
  const { blocks, text } = layOut({ title: `a\n${'x'.repeat(200)}`, facts: [] }, { mark: true })
  const header = blocks[0]
  assert.ok(header?.type === 'header')
  assert.equal(header.text.text.length, 150)
  assert.match(header.text.text, /^a xx.*… \(possibly sent twice\)$/)
  assert.equal(text, header.text.text)
})

test('a title of any characters is escaped only where Slack reads mrkdwn', () => {
  const { blocks, text } = layOut({ title: '<!channel> & co', facts: [] })
  assert.deepEqual(blocks[0], { type: 'header', text: { type: 'plain_text', text: '<!channel> & co' } })
  assert.equal(text, '&lt;!channel&gt; &amp; co')
})

test('an address that is no http address is shown and not linked', () => {
  const { blocks } = layOut({ title: 'a', facts: [], link: { label: 'Open', url: 'javascript:alert(1)' } })
  assert.deepEqual(blocks[1], { type: 'section', text: { type: 'plain_text', text: 'Open: javascript:alert(1)' } })
})

test('facts go ten to a section', () => {
  const facts = Array.from({ length: 23 }, (_, index) => ({ label: `l${index}`, value: `v${index}` }))
  const sections = layOut({ title: 'a', facts }).blocks.filter((block) => 'fields' in block)
  assert.deepEqual(
    sections.map(({ fields }) => fields.length),
    [10, 10, 3],
  )
})

test('Slack takes messages of any size and kind, and their blocks stay under 12,000 characters', () => {
  let tried = 0
  for (const piece of ['x', '"\\', '李', '👋', '\n', '<&>']) {
    for (const length of [0, 1, 149, 151, 1_999, 2_001, 2_999, 3_001, 20_000]) {
      for (const count of [0, 1, 10, 11, 60, 600]) {
        const value = piece.repeat(length / piece.length)
        const facts = Array.from({ length: count }, () => ({ label: value, value }))
        const message: Message = {
          title: value,
          text: value,
          facts,
          link: { label: value, url: `https://a.b/${value}` },
        }
        const json = JSON.stringify(layOut(message, { mark: true }).blocks)
        const accepted = readBlocks(json)
        assert.ok(Array.isArray(accepted), `${piece} ${length} ${count}: ${JSON.stringify(accepted)}`)
        assert.ok(json.length <= 12_000, `${piece} ${length} ${count}: ${json.length} characters`)
        tried += 1
      }
    }
  }
  assert.equal(tried, 324)
})

test('a message says how many facts were left out', () => {
  const facts = Array.from({ length: 600 }, (_, index) => ({ label: `label ${index}`, value: 'value' }))
  const { blocks } = layOut({ title: 'a', facts, record: 'new' })
  const shown = blocks.flatMap((block) => ('fields' in block ? block.fields : [])).length
  const note = blocks.at(-1)
  assert.ok(note?.type === 'context' && shown > 100)
  assert.equal(note.elements[0]?.text, `New record · ${600 - shown} more left out: the message was too long for Slack`)
})
