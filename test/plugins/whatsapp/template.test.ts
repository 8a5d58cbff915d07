import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Message } from 'flowgate/plugin'
import type { Template, Variable } from '../../../plugins/whatsapp/config.ts'
import { plainVariable } from '../../../plugins/whatsapp/plain.ts'
import { layOut } from '../../../plugins/whatsapp/template.ts'
import { liveFormatting } from '../../stand-ins/whatsapp-shown.ts'

const link = { label: 'Open', url: 'https://crm.example/contacts/17' }

function template(parameters: readonly Variable[], button?: Template['button']): Template {
  return { name: 'new_lead', language: 'en_US', parameters, ...(button ? { button } : {}) }
}

function texts(message: Partial<Message>, parameters: readonly Variable[], mark = false): string[] {
  const [body] = layOut({ title: 'New lead', facts: [], ...message }, template(parameters), mark)
  return ((body?.['parameters'] ?? []) as { text: string }[]).map(({ text }) => text)
}

test('each variable is filled with what the settings say', () => {
  const message: Message = {
    title: 'New lead: Ana',
    text: 'Wants a call.',
    facts: [
      { label: 'Company', value: 'Acme' },
      { label: 'Size', value: '120' },
    ],
    link,
    record: 'known',
  }
  assert.deepEqual(
    texts(message, ['title', 'text', 'facts', 'link', 'status', { fact: 'company' }, { fact: 'Budget' }]),
    [
      'New lead: Ana',
      'Wants a call.',
      'Company: Acme · Size: 120',
      'https://crm.example/contacts/17',
      'Known record',
      'Acme',
      '–',
    ],
  )
})

test('what must be seen stands in the status, or behind the title where the template has none', () => {
  assert.deepEqual(texts({ late: true }, ['title', 'link', 'status'], true), [
    'New lead',
    '–',
    'The CRM has not confirmed the record yet; the link follows. · possibly sent twice',
  ])
  assert.deepEqual(texts({ late: true, link }, ['link', 'status'], false), [
    'https://crm.example/contacts/17',
    'The CRM has not confirmed every record yet; the rest follows.',
  ])
  assert.deepEqual(texts({ completes: { outcome: 'sent', id: 'wamid.1' }, record: 'known', link }, ['link', 'title']), [
    'https://crm.example/contacts/17',
    'New lead (This completes the message sent before. · Known record)',
  ])
  assert.deepEqual(texts({ title: ' \n' }, ['title']), ['Notification'])
})

test('a button gets the end of the link, or what the settings say instead', () => {
  const button = { base: 'https://crm.example/', otherwise: 'home' }
  const suffix = (message: Partial<Message>, different: Partial<typeof button & { index: number }> = {}) => {
    const [, component] = layOut(
      { title: 'a', facts: [], ...message },
      template(['title'], { ...button, ...different }),
      false,
    )
    return component
  }
  const parameters = (text: string) => [{ type: 'text', text }]
  assert.deepEqual(suffix({ link }), {
    type: 'button',
    sub_type: 'url',
    index: '0',
    parameters: parameters('contacts/17'),
  })
  assert.deepEqual(suffix({})?.['parameters'], parameters('home'))
  assert.deepEqual(suffix({ late: true })?.['parameters'], parameters('home'))
  assert.deepEqual(suffix({ link: { label: 'a', url: 'https://evil.example/' } })?.['parameters'], parameters('home'))
  assert.deepEqual(suffix({ link: { label: 'a', url: 'https://crm.example/' } })?.['parameters'], parameters('home'))
  assert.equal(suffix({ link }, { index: 1 })?.['index'], '1')
})

test('a link that is no web address, or too long, is left out and not cut', () => {
  for (const url of ['javascript:alert(1)', 'no address', `https://a.b/${'x'.repeat(600)}`]) {
    assert.deepEqual(texts({ link: { label: 'Open', url } }, ['title', 'link']), ['New lead', '–'])
  }
})

test('variables are on one line, never empty, and fit together into what Meta allows', () => {
  let tried = 0
  for (const piece of ['x', ' \t\n', '李', '👋', '*_~`', 'a  b      c\n']) {
    for (const length of [0, 1, 150, 5_000]) {
      for (const parameters of [
        ['title'],
        ['title', 'text', 'facts', 'link', 'status'],
        ['facts', 'facts', 'title'],
      ] as const) {
        const value = piece.repeat(Math.ceil(length / piece.length))
        const facts = Array.from({ length: 40 }, () => ({ label: value, value }))
        const message: Message = {
          title: value,
          text: value,
          facts,
          link: { label: 'Open', url: `https://a.b/${'y'.repeat(480)}` },
        }
        const shown = texts(message, parameters, true)
        assert.equal(shown.length, parameters.length)
        for (const text of shown) {
          assert.doesNotMatch(text, /[\n\t]| {2}/)
          assert.ok(text.trim() !== '' && text.isWellFormed())
        }
        assert.ok(shown.join('').length <= 905, `${piece} ${length} ${shown.join('').length}`)
        tried += 1
      }
    }
  }
  assert.equal(tried, 72)
})

test('what anybody types formats nothing and reads alike', () => {
  const formatted = [
    '*b*',
    '_i_',
    '~s~',
    '`c`',
    '```code```',
    '(*b*)',
    'a *b* c',
    '> quote',
    '- list',
    '* list',
    '*<!channel>*',
  ]
  for (const typed of formatted) {
    assert.notDeepEqual(liveFormatting(typed), [], typed)
    const plain = plainVariable(typed)
    assert.deepEqual(liveFormatting(plain), [], plain)
    assert.equal(plain.length, typed.length)
  }
  const untouched = [
    'ana_souza_lima@acme.example',
    '3*4*5',
    '[x](http://evil)',
    '<@U1> <!channel>',
    '<b>b</b>',
    'a - b',
    '5 > 3',
  ]
  for (const typed of untouched) assert.equal(plainVariable(typed), typed)
})
