import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { appSecret, privateKey, publicKey, startTinyGateway, tinyFlowJson } from './simulator/tiny-gateway.ts'
import { run } from './terminal.ts'

const env = {
  META_APP_SECRET: appSecret,
  FLOW_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
}

const testsYaml = `
tests:
  - name: Ana asks for nine
    steps:
      - { screen: CONTACT, fill: { full_name: Ana }, then: DETAILS }
      - { screen: DETAILS, fill: { slot: nine }, then: submitted }
`

/** A configuration folder with the tiny flow and these further files. */
function configuration(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'flowgate-simulate-'))
  const flow = join(folder, 'flows', 'tiny')
  mkdirSync(flow, { recursive: true })
  writeFileSync(join(flow, 'flow.json'), JSON.stringify(tinyFlowJson))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(flow, name), text)
  return folder
}

test('simulate plays every path of the flow in the configuration, prints it, and exits 0', async () => {
  await using gateway = await startTinyGateway()
  const config = configuration({ 'tests.yaml': testsYaml })
  const ran = await run(['simulate', 'tiny', '--url', gateway.url, '--config', config], env)
  assert.equal(ran.code, 0, ran.out + ran.err)
  for (const path of [
    'happy',
    'back',
    'double-tap',
    'resume',
    'ping',
    'error-notice',
    'tamper',
    'wrong-key',
    'bad-signature',
  ]) {
    assert.match(ran.out, new RegExp(`^${path}: `, 'm'))
  }
  assert.match(ran.out, /→ CONTACT {2}full_name="Ana"/)
  assert.match(ran.out, /← DETAILS {2}slots\[1\] {2}count=1 .* \d+ ms/)
  assert.match(ran.out, /\d+ checks passed\.\n$/)
})

test('a finding exits with 1 and is named, and --json prints one object and nothing else', async () => {
  await using gateway = await startTinyGateway('missing-key')
  const config = configuration({ 'tests.yaml': testsYaml })
  const argv = ['simulate', 'tiny', '--url', gateway.url, '--config', config, '--path', 'happy']
  const plain = await run(argv, env)
  assert.equal(plain.code, 1)
  assert.match(plain.out, /✗ missing-key: DETAILS: the screen declares "count"/)
  const json = await run([...argv, '--json'], env)
  assert.equal(json.code, 1)
  const { ok, verdicts } = JSON.parse(json.out)
  assert.equal(ok, false)
  assert.deepEqual(
    verdicts[0].findings.map((finding: { kind: string }) => finding.kind),
    // An empty list leaves nothing to choose.
    ['missing-key', 'not-offered'],
  )
})

test('with --key, --secret, --flow-json and --fill no configuration and no environment is needed', async () => {
  await using gateway = await startTinyGateway()
  const folder = mkdtempSync(join(tmpdir(), 'flowgate-simulate-'))
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const argv = ['simulate', 'tiny', '--url', gateway.url, '--secret', appSecret, '--token', 'mine', '--path', 'happy']
  const key = file('public.pem', publicKey.export({ type: 'spki', format: 'pem' }).toString())
  const flowJson = file('flow.json', JSON.stringify(tinyFlowJson))
  const fill = file('fill.yaml', 'CONTACT: { full_name: Bia }')
  const ran = await run([...argv, '--key', key, '--flow-json', flowJson, '--fill', fill, '--config', folder])
  assert.equal(ran.code, 0, ran.out + ran.err)
  assert.deepEqual(gateway.seen.at(-1)?.['data'], { slot: 'nine', name: 'Bia' })
  assert.deepEqual([...new Set(gateway.seen.map((payload) => payload['flow_token']))], ['mine'])
})

test('without tests the declared fields shape the invented answers', async () => {
  await using gateway = await startTinyGateway()
  const flowYaml = `
flow: tiny
title: Tiny
version: "1"
first_screen: CONTACT
screens:
  CONTACT:
    fields: { full_name: { type: choice, of: [Carla, Dora] }, email: { type: email } }
    next: [{ show: DETAILS }]
  DETAILS: { fields: { slot: { type: text } }, next: [{ submit: true }] }
`
  const config = configuration({ 'flow.yaml': flowYaml })
  const ran = await run(['simulate', 'tiny', '--url', gateway.url, '--config', config, '--path', 'happy'], env)
  assert.equal(ran.code, 0, ran.out + ran.err)
  const first = gateway.seen.find((payload) => payload['screen'] === 'CONTACT')?.['data'] as Record<string, string>
  assert.equal(first['full_name'], 'Carla')
  assert.match(first['email'] ?? '', /@example\.com$/)
})

test('what a simulation lacks is named, with exit code 2', async () => {
  await using gateway = await startTinyGateway()
  const config = configuration({ 'broken.yaml': '- 1' })
  const argv = ['simulate', 'tiny', '--url', gateway.url, '--config', config]
  const cases: readonly [readonly string[], object, RegExp][] = [
    [[], { FLOW_PRIVATE_KEY: env.FLOW_PRIVATE_KEY }, /Nothing to sign with. Set META_APP_SECRET/],
    [[], { META_APP_SECRET: appSecret }, /Nothing to seal with. Set FLOW_PRIVATE_KEY/],
    [[], { ...env, FLOW_PRIVATE_KEY: 'no key' }, /FLOW_PRIVATE_KEY is no usable key/],
    [['--path', 'sideways'], env, /no path "sideways". Choose from happy, back/],
    [['--flow-json', '/nowhere.json'], env, /\/nowhere\.json cannot be read \(ENOENT\)/],
    [['--fill', join(config, 'flows/tiny/broken.yaml')], env, /holds no answers/],
    [['--url', 'http://127.0.0.1:1/flows/tiny'], env, /no answer .*Is the gateway running/],
  ]
  for (const [more, environment, said] of cases) {
    const ran = await run([...argv, ...more], { ...environment })
    assert.equal(ran.code, 2, ran.out)
    assert.match(ran.err, said)
  }
})
