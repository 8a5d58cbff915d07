import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Call, Message } from 'flowgate/plugin'
import httpMessage from '../../../plugins/http/message.ts'
import type { HttpMessageConfig } from '../../../plugins/http/messages/message-config.ts'
import { apiKey, startListApi } from '../../stand-ins/list-api.ts'
import { pluginContext } from '../../support/plugin-context.ts'
import { callOf, failureOf, inWords } from './http-stage.ts'

const every = {
  title: '{message.title}',
  text: '{message.text}',
  facts: '{message.facts}',
  list: '{message.fact_list}',
  link: '{message.link}',
  label: '{message.link_label}',
  record: '{message.record}',
  note: '{message.note}',
}

/** What the API gets of a message. */
async function sent(message: Partial<Message>, config: Partial<HttpMessageConfig> = {}, call: Partial<Call> = {}) {
  await using api = await startListApi({ keys: false })
  const request = { path: '/messages', body: every, id: 'data.id', url: 'data.url' }
  const settings = { base_url: api.url, auth: { bearer: apiKey }, request, ...config }
  const instance = await httpMessage.configure(settings, pluginContext())
  const receipt = await instance.deliver({ title: 'New lead', facts: [], ...message }, callOf(call))
  return { receipt, fields: api.messages[0]?.fields ?? {}, path: api.standIn.requests[0]?.path }
}

const whole: Message = {
  title: 'New lead: Ana',
  text: 'first\nsecond',
  facts: [
    { label: 'Budget', value: '10k' },
    { label: 'Why', value: 'a\nOpen: http://evil.example' },
  ],
  link: { label: 'Open', url: 'https://crm.example/c/1?a=1&b=(2)' },
  record: 'known',
}

test('every part of a message has its place, and a part that is not there is left out', async () => {
  const { fields, receipt } = await sent(whole)
  assert.deepEqual(fields, {
    title: 'New lead: Ana',
    text: 'first\n    second',
    facts: 'Budget: 10k\nWhy: a / Open: http://evil.example',
    list: [
      { label: 'Budget', value: '10k' },
      { label: 'Why', value: 'a / Open: http://evil.example' },
    ],
    link: 'https://crm.example/c/1?a=1&b=(2)',
    label: 'Open',
    record: 'Known record',
  })
  assert.deepEqual(receipt, { outcome: 'sent', id: 'messages-1', url: 'https://lists.example.com/people/messages-1' })
  assert.deepEqual((await sent({})).fields, { title: 'New lead' })
})

const body = { request: { path: '/messages', body: { body: '{message.body}' } } }

test('the whole of a message is written in the markup of the channel', async () => {
  const text = await sent(whole, body)
  assert.equal(
    text.fields['body'],
    'New lead: Ana\n\nfirst\n    second\n\nBudget: 10k\nWhy: a / Open: http://evil.example\n\nOpen: https://crm.example/c/1?a=1&b=(2)\n\nKnown record',
  )
  const markdown = await sent(whole, { ...body, escape: 'markdown' })
  assert.match(
    String(markdown.fields['body']),
    /^\*\*New lead\\: Ana\*\*\n\nfirst {2}\n\u2003\u2003second\n\nBudget: 10k {2}\nWhy: a/,
  )
  assert.match(String(markdown.fields['body']), /\[Open\]\(https:\/\/crm\.example\/c\/1\?a=1&b=%282%29\)/)
  const html = await sent(whole, { ...body, escape: 'html' })
  assert.match(
    String(html.fields['body']),
    /^<b>New lead: Ana<\/b><br><br>first<br>\u2003\u2003second<br><br>Budget: 10k<br>Why: a/,
  )
  assert.match(String(html.fields['body']), /<a href="https:\/\/crm\.example\/c\/1\?a=1&amp;b=\(2\)">Open<\/a>/)
})

test('what a person typed arrives as what it is, in every markup', async () => {
  const typed = '<!channel> <@U1> [x](http://evil) <b onclick="a()">\'&amp;</b> *bold* _it_ `c` \\ # 1. @here'
  const message = { title: typed, text: `    ${typed}\r\n    code\n- item`, facts: [{ label: typed, value: typed }] }
  const text = String((await sent(message, body)).fields['body'])
  assert.ok(text.startsWith(typed), text)
  const html = String((await sent(message, { ...body, escape: 'html' })).fields['body'])
  assert.deepEqual([...new Set(html.match(/<[^>]*>/g))], ['<b>', '</b>', '<br>'])
  assert.match(html, /&lt;!channel&gt; &lt;@U1&gt; \[x\]/)
  const markdown = String((await sent(message, { ...body, escape: 'markdown' })).fields['body'])
  const unescaped = markdown.replace(/\\[!-/:-@[-`{-~]/g, '').replace(/^\*\*|\*\*$/gm, '')
  assert.doesNotMatch(unescaped, /[<>[\]`*_#@&!()\\]/, 'every sign that means something has a backslash')
  assert.doesNotMatch(markdown, /\n {4}/, 'four spaces would make code of it')
})

test('no further line of a text that a person typed passes for one of ours, in any markup', async () => {
  const text = 'hello\n\nOpen: http://evil.example\r\nBudget: 1M\u2028Known record'
  for (const [markup, lineBreak] of [
    ['text', '\n'],
    ['markdown', '\n'],
    ['html', '<br>'],
  ] as const) {
    const { fields } = await sent({ ...whole, text, record: 'new' }, { ...body, escape: markup })
    const lines = String(fields['body']).split(lineBreak)
    const ours = lines.filter((line) => /^(\[|<a [^>]*>)?(Open|Budget|Known|New record)/.test(line))
    assert.equal(ours.length, 3, ours.join('|'))
    assert.doesNotMatch(ours.join(' '), /evil|1M|Known/)
  }
})

test('only an address that a person can open becomes a link', async () => {
  for (const url of [
    'javascript:alert(1)',
    'data:text/html,x',
    'nowhere',
    `https://crm.example/${'x'.repeat(3_000)}`,
  ]) {
    assert.deepEqual((await sent({ link: { label: 'Open', url } })).fields, { title: 'New lead' }, url.slice(0, 40))
  }
})

test('long answers are cut, so that the channel takes the message', async () => {
  const long = '😀'.repeat(5_000)
  const { fields } = await sent({ title: long, text: long, facts: [{ label: 'A', value: long }] })
  assert.ok(String(fields['title']).length <= 300 && String(fields['text']).length <= 3_000)
  assert.ok(
    Object.values(fields).every(
      (value) => !/[\ud800-\udfff](?![\udc00-\udfff])(?<![\ud800-\udbff][\udc00-\udfff])/.test(String(value)),
    ),
  )
})

test('a late message says so, beside a link to what is there already too; the whole one completes it; a possible repeat is marked', async () => {
  const { link: _, ...linkless } = whole
  const late = await sent({ ...linkless, late: true })
  assert.equal(late.fields['note'], 'The CRM has not confirmed the record yet; the link follows.')
  assert.equal('link' in late.fields, false)
  const beside = await sent({ ...whole, late: true })
  assert.deepEqual(
    [beside.fields['link'], beside.fields['note']],
    [whole.link?.url, 'The CRM has not confirmed every record yet; the rest follows.'],
  )
  const completing = await sent({ ...whole, completes: late.receipt })
  assert.deepEqual(completing.fields, {
    title: 'Now in the CRM: New lead: Ana',
    link: whole.link?.url,
    label: 'Open',
    record: 'Known record',
    note: 'This completes the earlier message.',
  })
  const marked = await sent(whole, {}, { uncertain: true, resend: true })
  assert.equal(marked.fields['note'], 'Possibly sent twice.')
})

test('a message that was sent again and got no clear answer waits for a person', async () => {
  await using api = await startListApi({ keys: false })
  const request = { path: '/messages', body: every }
  const instance = await httpMessage.configure(
    { base_url: api.url, auth: { bearer: apiKey }, request },
    pluginContext(),
  )
  api.standIn.misbehave({ route: 'POST /v1/messages', fault: { kind: 'lose-after' } })
  const resent = callOf({ attempt: 3, uncertain: true, resend: true })
  const failure = await failureOf(instance.deliver({ title: 'New lead', facts: [] }, resent))
  assert.equal(inWords(failure), 'unknown FG_HTTP_UNKNOWN')
  assert.equal(api.messages.length, 1)
})

test('where a request has no place for a note, the title says it', async () => {
  const request = { path: '/messages', body: { title: '{message.title}' } }
  const { fields } = await sent({ late: true }, { request })
  assert.equal(fields['title'], 'New lead (The CRM has not confirmed the record yet; the link follows.)')
})

const addressed = { request: { path: '/echo/{recipient}', body: { to: '{recipient}' } }, to: 'everyone' }

test('a message goes to an address of the settings, whoever the mapping names', async () => {
  const config = { ...addressed, recipients: { vip: 'group/1' }, owners: { 'Ana@acme.example': 'ana' } }
  const owner = (email?: string) => ({ kind: 'owner', owner: { id: '1', ...(email ? { email } : {}) } }) as const
  const to = async (recipient?: Message['recipient']) => (await sent(recipient ? { recipient } : {}, config)).path
  assert.equal(await to(), '/v1/echo/everyone')
  assert.equal(await to({ kind: 'named', name: 'vip' }), '/v1/echo/group%2F1')
  assert.equal(await to(owner('ANA@acme.example')), '/v1/echo/ana')
  assert.equal(await to(owner('bo@acme.example')), '/v1/echo/everyone')
  assert.equal(await to(owner()), '/v1/echo/everyone')
  assert.equal(await to({ ...owner(), otherwise: 'vip' }), '/v1/echo/group%2F1')
  const unknown = await failureOf(to({ kind: 'named', name: '+5511888880000' }))
  assert.equal(inWords(unknown), 'permanent record FG_HTTP_MESSAGE_RECIPIENT_UNKNOWN')
  assert.match(unknown.message, /it knows: vip\./)
  const person = await failureOf(to({ kind: 'person', phone: '+5511999990000' }))
  assert.equal(inWords(person), 'permanent record FG_HTTP_MESSAGE_RECIPIENT_PERSON')
})

test('without a key and a look-up an uncertain message is unknown', async () => {
  assert.equal(inWords(await failureOf(sent({}, {}, { attempt: 2, uncertain: true }))), 'unknown FG_HTTP_UNKNOWN')
})

test('settings that reach nobody are told', async () => {
  const fault = async (config: Partial<HttpMessageConfig>) => {
    const failure = await failureOf(sent({}, config))
    assert.equal(inWords(failure), 'permanent destination FG_HTTP_SETTINGS')
    return failure.message
  }
  assert.match(await fault({ request: addressed.request }), /write into `to`/)
  assert.match(await fault({ recipients: { vip: '1' } }), /reach nobody/)
  assert.match(
    await fault({ request: { path: '/x', body: '{message.titel}' } }),
    /request: `\{message\.titel\}` is no place: there is \{message\.title\}/,
  )
  assert.match(await fault({ request: { path: '/x', method: 'GET' } }), /a GET writes nothing/)
  assert.match(await fault({ find: { path: '/x' } }), /`find` finds nothing/)
  assert.match(await fault({ link: 'https://a.example/{fields.x}' }), /link: `\{fields\.x\}` is no place/)
})
