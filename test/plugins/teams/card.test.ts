import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Message } from 'flowgate/plugin'
import { type Card, layOut } from '../../../plugins/teams/card.ts'
import { cardFault } from '../../../plugins/teams/card-check.ts'
import { cardEvents } from '../../stand-ins/teams-card.ts'
import { shownTexts } from '../../stand-ins/teams-shown.ts'

const link = { label: 'Open in HubSpot', url: 'https://crm.example/1' }

function cardOf(message: Partial<Message>, mark = false): Card {
  return layOut({ title: 'New lead', facts: [], ...message }, mark).attachments[0].content
}

function texts(message: Partial<Message>, mark = false): string[] {
  return shownTexts({ ...cardOf(message, mark) }).map(({ text }) => text)
}

test('a message becomes a heading, text, facts, a button and a note on the record', () => {
  const card = cardOf({
    title: 'New lead: Ana',
    text: 'Wants a call.',
    facts: [{ label: 'Company size', value: '120' }],
    link,
    record: 'known',
  })
  assert.deepEqual(card.body, [
    { type: 'TextBlock', text: 'New lead: Ana', wrap: true, style: 'heading', size: 'Medium', weight: 'Bolder' },
    { type: 'TextBlock', text: 'Wants a call.', wrap: true },
    { type: 'FactSet', facts: [{ title: 'Company size', value: '120' }] },
    { type: 'TextBlock', text: 'Known record', wrap: true, isSubtle: true },
  ])
  assert.deepEqual(card.actions, [{ type: 'Action.OpenUrl', title: 'Open in HubSpot', url: 'https://crm.example/1' }])
  assert.deepEqual([card.version, card.fallbackText], ['1.5', 'New lead: Ana'])
  assert.deepEqual(cardEvents({ ...card }), [])
})

test('a late message says so, beside a link to what is there already too; the one that completes it is short and has it', () => {
  const facts = [{ label: 'Size', value: '120' }]
  const late = cardOf({ facts, late: true })
  assert.equal(late.actions, undefined)
  assert.ok(texts({ facts, late: true }).includes('The CRM has not confirmed the record yet; the link follows.'))
  assert.equal(cardOf({ facts, link, late: true }).actions?.[0]?.url, 'https://crm.example/1')
  assert.ok(
    texts({ facts, link, late: true }).includes('The CRM has not confirmed every record yet; the rest follows.'),
  )
  const completes = { outcome: 'sent', id: 'delivery-1' } as const
  const complete: Partial<Message> = { title: 'New lead', facts, link, record: 'new', completes }
  assert.deepEqual(cardOf(complete).actions?.[0]?.url, 'https://crm.example/1')
  assert.deepEqual(texts(complete), [
    'New lead',
    'This completes the message sent before: the CRM has confirmed the record.',
    'New record',
  ])
})

test('the title is one line of at most 150 characters, with the mark of a repeat always whole', () => {
  const [heading = ''] = texts({ title: `a\n${'x'.repeat(200)}` }, true)
  assert.equal(heading.length, 150)
  assert.match(heading, /^a xx.*… \(possibly sent twice\)$/)
  assert.deepEqual(texts({ title: ' \n' }), ['Notification'])
})

test('an address that is no web address is shown and makes no button', () => {
  for (const url of ['javascript:alert(1)', 'not an address', `https://a.b/${'x'.repeat(3_000)}`]) {
    const message = { link: { label: 'Open', url } }
    assert.equal(cardOf(message).actions, undefined, url)
    assert.ok(
      texts(message)
        .at(-1)
        ?.startsWith(`Open: ${url.slice(0, 100)}`),
      url,
    )
  }
})

test('a fact without a value keeps its place', () => {
  assert.deepEqual(texts({ facts: [{ label: 'Company', value: ' ' }] }), ['New lead', 'Company', '–'])
})

test('Teams takes messages of any size and kind, whole below 28 KB', () => {
  let tried = 0
  for (const piece of ['x', '"\\', '李', '👋', '\n', '<&>', '*_[']) {
    for (const length of [0, 1, 150, 1_001, 4_001, 20_000]) {
      for (const count of [0, 1, 10, 60, 600]) {
        const value = piece.repeat(Math.ceil(length / piece.length))
        const facts = Array.from({ length: count }, () => ({ label: value, value }))
        const message: Message = {
          title: value,
          text: value,
          facts,
          link: { label: value, url: `https://a.b/${value}` },
        }
        const whole = layOut(message, true)
        const card = whole.attachments[0].content
        const label = `${piece} ${length} ${count}`
        assert.deepEqual(cardEvents({ ...card }), [], label)
        assert.equal(cardFault(card), undefined, label)
        assert.ok(Buffer.byteLength(JSON.stringify(whole)) <= 25_000, label)
        tried += 1
      }
    }
  }
  assert.equal(tried, 210)
})

test('a message says how many facts were left out', () => {
  const facts = Array.from({ length: 600 }, (_, index) => ({ label: `label ${index}`, value: 'value' }))
  const shown = cardOf({ facts }).body.flatMap((element) => (element.type === 'FactSet' ? element.facts : [])).length
  assert.ok(shown >= 60 && shown < 600)
  assert.equal(texts({ facts }).at(-1), `${600 - shown} more left out: the message was too long for Teams`)
})

test('a card that Teams would not show is found before it is sent', () => {
  const good = cardOf({ facts: [{ label: 'a', value: 'b' }], link })
  const text = { type: 'TextBlock', text: 'a', wrap: true } as const
  const button = { type: 'Action.OpenUrl', title: 'Open', url: 'https://a.b/' } as const
  const table: readonly [fault: RegExp, card: Card][] = [
    [/is empty/, { ...good, body: [] }],
    [/a text is empty/, { ...good, body: [{ ...text, text: ' ' }] }],
    [/a text is empty/, { ...good, body: [{ ...text, text: 'half a \ud83d' }] }],
    [/list of facts is empty/, { ...good, body: [{ type: 'FactSet', facts: [] }] }],
    [/a fact is empty/, { ...good, body: [{ type: 'FactSet', facts: [{ title: 'a', value: '' }] }] }],
    [/no words/, { ...good, actions: [{ ...button, title: '' }] }],
    [/no web address/, { ...good, actions: [{ ...button, url: 'javascript:alert(1)' }] }],
    [/larger than 28 KB/, { ...good, body: [{ ...text, text: 'x'.repeat(30_000) }] }],
    [/of a type/, JSON.parse(JSON.stringify({ ...good, body: [{ type: 'Input.Text' }] }))],
    [/something else/, JSON.parse(JSON.stringify({ ...good, actions: [{ type: 'Action.Submit', title: 'a' }] }))],
  ]
  for (const [fault, card] of table) assert.match(cardFault(card) ?? '', fault)
  assert.equal(cardFault(good), undefined)
})
