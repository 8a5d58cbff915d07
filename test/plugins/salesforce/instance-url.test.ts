import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instanceOrigin, recordUrl } from '../../../plugins/salesforce/instance-url.ts'

const LOGIN = 'https://acme.my.salesforce.com'

test('a token reply is followed to the login host and to hosts of Salesforce over https', () => {
  const followed = [
    LOGIN,
    `${LOGIN}/`,
    'https://acme--dev.sandbox.my.salesforce.com',
    'https://acme.my.salesforce.mil',
    'https://acme.cloud.force.com/x',
  ]
  for (const url of followed) assert.equal(instanceOrigin(url, LOGIN), new URL(url).origin)
  assert.equal(
    instanceOrigin('https://crm.acme.example:8443', 'https://crm.acme.example:8443/x'),
    'https://crm.acme.example:8443',
  )
})

test('a token reply that leads anywhere else is not followed', () => {
  const refused = [
    'http://acme.my.salesforce.com',
    'https://acme.my.salesforce.com:8443',
    'https://evil.example',
    'https://salesforce.com.evil.example',
    'https://evilsalesforce.com',
    'https://salesforce.com@evil.example',
    'https://a:b@acme.my.salesforce.com',
    'https://127.0.0.1',
    'https://169.254.169.254',
    'file:///etc/passwd',
    'acme.my.salesforce.com',
    '',
    undefined,
    42,
  ]
  for (const url of refused) assert.equal(instanceOrigin(url, LOGIN), undefined, String(url))
})

test('a stand-in over http may answer on another port of this machine, and nowhere else', () => {
  const login = 'http://127.0.0.1:4010'
  for (const url of ['http://127.0.0.1:4010', 'http://127.0.0.1:4011', 'http://localhost:4011']) {
    assert.equal(instanceOrigin(url, login), url)
  }
  for (const url of ['http://10.0.0.1:4010', 'https://acme.my.salesforce.com', 'http://169.254.169.254']) {
    assert.equal(instanceOrigin(url, login), undefined, url)
  }
  assert.equal(instanceOrigin('http://crm:4011', 'http://crm:4010'), 'http://crm:4011')
})

test('links lead to the Lightning pages of the org', () => {
  const id = '00Q5g0000001001AAA'
  const links = [
    'https://acme.my.salesforce.com',
    'https://acme--dev.sandbox.my.salesforce.com',
    'http://127.0.0.1:1',
  ].map((url) => recordUrl(url, 'Lead', id))
  assert.deepEqual(links, [
    `https://acme.lightning.force.com/lightning/r/Lead/${id}/view`,
    `https://acme--dev.sandbox.lightning.force.com/lightning/r/Lead/${id}/view`,
    `http://127.0.0.1:1/lightning/r/Lead/${id}/view`,
  ])
})
