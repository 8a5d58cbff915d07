import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAllowedHost } from '../../src/config/allowed-host.ts'
import { readEnvironment } from '../../src/config/environment.ts'

const name = (text: string, more: object = {}) => ({ kind: 'name', name: text, subdomains: false, ...more })
const range = (address: string, bits: number, more: object = {}) => ({ kind: 'range', address, bits, ...more })

test('names, names below a domain, addresses and ranges are read, alone or at a port', () => {
  const table: readonly [text: string, read: object][] = [
    ['crm.internal', name('crm.internal')],
    ['CRM.Internal.', name('crm.internal')],
    ['redis_cache:6380', name('redis_cache', { port: 6380 })],
    ['bücher.example', name('xn--bcher-kva.example')],
    ['*.internal', name('internal', { subdomains: true })],
    ['*.internal:8080', name('internal', { subdomains: true, port: 8080 })],
    ['10.1.2.3', range('10.1.2.3', 32)],
    ['10.1.2.3:81', range('10.1.2.3', 32, { port: 81 })],
    ['10.0.0.0/8', range('10.0.0.0', 8)],
    ['::1', range('::1', 128)],
    ['[::1]', range('::1', 128)],
    ['[fd00::5]:8080', range('fd00::5', 128, { port: 8080 })],
    ['fd00::/8', range('fd00::', 8)],
    ['::ffff:10.1.2.3', range('10.1.2.3', 32)],
  ]
  for (const [text, read] of table) assert.deepEqual(parseAllowedHost(text), read, text)
})

test('whatever could be taken for something wider or other than it is, is refused', () => {
  const texts = [
    '',
    '*',
    '*.',
    'a.*.b',
    'http://crm.internal',
    'crm.internal/8',
    'crm.internal/',
    'me@crm',
    'a b',
    'a..b',
  ]
  const numbers = [
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '10.0/8',
    '10.0.0.0/33',
    '::/129',
    '::ffff:10.0.0.0/104',
  ]
  const ports = ['crm:0', 'crm:65536', 'crm:', 'crm:http', '[10.0.0.1', '[crm]', 'fe80::1%eth0', '10.0.0.0/8:80', ':80']
  for (const text of [...texts, ...numbers, ...ports]) assert.equal(parseAllowedHost(text), undefined, text)
})

test('a bad entry is told by its place in the list, not by its text', () => {
  const result = readEnvironment({ FLOWGATE_ALLOW_HOSTS: 'crm.internal, http://me:hunter2@crm' }, 'worker')
  const [problem] = result.ok ? [] : result.problems
  assert.equal(problem?.code, 'FG_ENV_INVALID')
  assert.match(problem?.message ?? '', /FLOWGATE_ALLOW_HOSTS must hold hosts .* entry 2 is none/)
  assert.doesNotMatch(problem?.message ?? '', /hunter2/)
})
