import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AllowedHost, parseAllowedHost } from '../../src/config/allowed-host.ts'
import { FailureError } from '../../src/plugin/failure.ts'
import { checkTarget, literalAddress, targetOf } from '../../src/registry/url-guard.ts'

const allowed = (...texts: string[]): AllowedHost[] => texts.flatMap((text) => parseAllowedHost(text) ?? [])

/** Why a URL is refused, its name leading to `addresses`; `undefined` where it passes. */
function why(url: string, addresses: readonly string[] = [], allow: readonly AllowedHost[] = []): string | undefined {
  try {
    const target = targetOf(url)
    const literal = literalAddress(target)
    checkTarget(target, literal === undefined ? addresses : [literal], allow)
    return undefined
  } catch (error) {
    assert.ok(error instanceof FailureError)
    const { failure } = error
    assert.deepEqual([failure.kind, failure.code], ['permanent', 'FG_URL_REFUSED'])
    assert.ok(failure.kind === 'permanent' && failure.scope === 'destination')
    return failure.message
  }
}

test('addresses that are not public are refused however they are written', () => {
  const written = [
    ...['127.0.0.1', '127.1', '2130706433', '0x7f.1', '0x7f000001', '0177.0.0.1', '127.0.0.1.', '１２７.0.0.1'],
    ...['0.0.0.0', '0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '198.18.0.1'],
    ...['169.254.169.254', '0xA9FEA9FE', '2852039166', '192.0.0.192', '192.0.2.1', '224.0.0.1', '255.255.255.255'],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:a9fe:a9fe]', '[::127.0.0.1]', '[fe80::1]'],
    ...['[fd00:ec2::254]', '[fec0::1]', '[ff02::1]', '[2001:db8::1]', '[2002:7f00:1::]', '[2001:0:7f00:1::]'],
    ...[
      '[64:ff9b::127.0.0.1]',
      '[64:ff9b::a9fe:a9fe]',
      '[64:ff9b:1::a00:1]',
      '[100::1]',
      '[4000::1]',
      '[::ffff:0:127.0.0.1]',
    ],
  ]
  for (const host of written)
    assert.match(why(`https://${host}/a`) ?? 'passes', /no address of the public internet/, host)
})

test('public addresses pass, inside an IPv6 form too', () => {
  const hosts = ['1.1.1.1', '172.32.0.1', '100.128.0.1', '[2606:4700::1111]', '[::ffff:1.1.1.1]', '[64:ff9b::101:101]']
  for (const host of hosts) assert.equal(why(`https://${host}/a`), undefined, host)
})

test('a name passes only where all of its addresses are public', () => {
  assert.equal(why('https://api.example', ['1.1.1.1', '2606:4700::1111']), undefined)
  for (const bad of [
    '127.0.0.1',
    '::1',
    '10.0.0.1',
    '169.254.169.254',
    'fe80::1%eth0',
    '::ffff:10.0.0.1',
    'nonsense',
  ]) {
    assert.match(why('https://api.example', ['1.1.1.1', bad]) ?? 'passes', /the name leads to/, bad)
  }
})

test('only https is asked, at ports 443 and 8443, without credentials', () => {
  const at = ['1.1.1.1']
  assert.equal(why('https://api.example:8443/', at), undefined)
  assert.match(why('http://api.example/', at) ?? '', /api\.example is refused: only https .* FLOWGATE_ALLOW_HOSTS/)
  assert.match(why('http://api.example:443/', at) ?? '', /only https/)
  for (const port of [80, 22, 5432, 6379, 8080, 65535]) {
    assert.match(why(`https://api.example:${port}/`, at) ?? 'passes', /only ports 443 and 8443/, String(port))
  }
  for (const url of ['https://me@api.example/', 'https://me:secret@api.example/', 'https://:secret@api.example/']) {
    assert.match(why(url, at) ?? 'passes', /holds credentials/, url)
    assert.doesNotMatch(why(url, at) ?? '', /secret/)
  }
  for (const url of [
    'ftp://api.example/',
    'file:///etc/passwd',
    'data:text/plain,a',
    'ws://api.example/',
    'unix:/run/a',
  ]) {
    assert.match(why(url, at) ?? 'passes', /Only https/, url)
  }
  for (const url of ['', 'api.example/slots', '//api.example', 'https://', 'https://[::1', 'https://256.1.1.1/']) {
    assert.match(why(url, at) ?? 'passes', /is not one/, url)
  }
})

test('a refusal names the host and the rule, and nothing of the rest of the URL', () => {
  const message = why('https://10.0.0.1/people/ana@acme.com?phone=5511#x')
  assert.equal(
    message,
    'A request to 10.0.0.1 is refused: it is no address of the public internet. Correct the URL, or name the host in FLOWGATE_ALLOW_HOSTS where that is meant.',
  )
})

test('a name that is allowed may lead anywhere, by http and at any port', () => {
  const crm = allowed('crm.internal')
  for (const url of ['https://crm.internal/', 'http://crm.internal/', 'http://CRM.internal.:9000/']) {
    assert.equal(why(url, ['10.0.0.1'], crm), undefined, url)
  }
  for (const url of ['https://a.crm.internal/', 'https://crm.internal.evil.example/', 'https://xcrm.internal/']) {
    assert.match(why(url, ['10.0.0.1'], crm) ?? 'passes', /no address of the public/, url)
  }
})

test('a wildcard allows what is below a name and not the name itself', () => {
  const below = allowed('*.internal')
  assert.equal(why('http://crm.internal/', ['10.0.0.1'], below), undefined)
  assert.equal(why('http://a.crm.internal/', ['10.0.0.1'], below), undefined)
  assert.notEqual(why('http://internal/', ['10.0.0.1'], below), undefined)
  assert.notEqual(why('http://evilinternal/', ['10.0.0.1'], below), undefined)
})

test('an allowed range lets its addresses through, named or not, and only them', () => {
  const range = allowed('10.0.0.0/8', 'fd00::/8')
  for (const url of ['http://10.9.9.9:81/', 'https://[::ffff:10.1.1.1]/', 'http://[fd00::5]:8080/']) {
    assert.equal(why(url, [], range), undefined, url)
  }
  assert.equal(why('http://crm.internal:8080/', ['10.0.0.1', 'fd00::1'], range), undefined)
  assert.match(why('http://crm.internal/', ['10.0.0.1', '1.1.1.1'], range) ?? 'passes', /only https/)
  assert.equal(why('https://crm.internal/', ['10.0.0.1', '1.1.1.1'], range), undefined)
  assert.match(why('https://crm.internal/', ['10.0.0.1', '127.0.0.1'], range) ?? 'passes', /leads to 127\.0\.0\.1/)
  assert.notEqual(why('http://crm.internal/', [], range), undefined)
})

test('an entry with a port allows that port alone', () => {
  const entries = allowed('crm.internal:8080', '10.0.0.5:81')
  assert.equal(why('http://crm.internal:8080/', ['10.0.0.1'], entries), undefined)
  assert.notEqual(why('http://crm.internal/', ['10.0.0.1'], entries), undefined)
  assert.notEqual(why('https://crm.internal/', ['10.0.0.1'], entries), undefined)
  assert.equal(why('http://10.0.0.5:81/', [], entries), undefined)
  assert.notEqual(why('https://10.0.0.5/', [], entries), undefined)
})
