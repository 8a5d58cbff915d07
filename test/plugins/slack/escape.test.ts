import assert from 'node:assert/strict'
import { test } from 'node:test'
import { escapeMrkdwn, mrkdwnLink } from '../../../plugins/slack/escape.ts'

test('the ampersand is escaped first, so that nothing is escaped twice', () => {
  assert.equal(escapeMrkdwn('<!channel> & <@U1>'), '&lt;!channel&gt; &amp; &lt;@U1&gt;')
  assert.equal(escapeMrkdwn('&lt;!here&gt;'), '&amp;lt;!here&amp;gt;')
})

test('neither part of a link can break out of it', () => {
  const cases: readonly [url: string, label: string, link: string | undefined][] = [
    ['https://crm.example/1?a=b&c=d', 'Open', '<https://crm.example/1?a=b&amp;c=d|Open>'],
    ['https://crm.example/a|b>c<d', 'Open', '<https://crm.example/a%7Cb%3Ec%3Cd|Open>'],
    ['https://crm.example/', 'a>|<!channel>', '<https://crm.example/|a&gt;¦&lt;!channel&gt;>'],
    ['https://crm.example/', 'two\nlines', '<https://crm.example/|two lines>'],
    ['https://crm.example/a b', 'Open', '<https://crm.example/a%20b|Open>'],
    ['javascript:alert(1)', 'Open', undefined],
    ['not an address', 'Open', undefined],
    ['', 'Open', undefined],
  ]
  for (const [url, label, link] of cases) assert.equal(mrkdwnLink(url, label), link, url)
})
