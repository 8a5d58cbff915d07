import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startHubspotStandIn } from '../stand-ins/hubspot.ts'
import { startSlack } from '../stand-ins/slack.ts'
import { CONFIG } from './seed.ts'
import { run } from './terminal.ts'

/** The shipped configuration with stand-ins for both vendors, and a folder for inputs. */
async function stage() {
  const hubspot = await startHubspotStandIn({ token: 'the token' })
  const slack = await startSlack({ channels: ['C0123'] })
  const folder = await mkdtemp(join(tmpdir(), 'flowgate-try-'))
  return {
    hubspot,
    slack,
    env: {
      FLOWGATE_CONFIG: CONFIG,
      HUBSPOT_ACCESS_TOKEN: 'the token',
      HUBSPOT_BASE_URL: hubspot.url,
      SLACK_BOT_TOKEN: slack.workspace.token,
      SLACK_API_URL: slack.apiUrl,
    },
    async input(text: string) {
      const file = join(folder, 'input.yaml')
      await writeFile(file, text)
      return file
    },
    async [Symbol.asyncDispose]() {
      await hubspot[Symbol.asyncDispose]()
      await slack[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

test('a record is tried twice at the account and stays one; without --yes nothing is written', async () => {
  await using at = await stage()
  const file = await at.input('object: contacts\nmatch: email\nfields: { email: test@example.com, firstname: Test }\n')
  const shown = await run(['plugin', 'try', 'hubspot', '--input', file], at.env)
  assert.equal(shown.code, 0, shown.err)
  assert.match(shown.out, /Nothing was sent/)
  assert.equal(at.hubspot.contacts().length, 0)
  const tried = await run(['plugin', 'try', 'hubspot', '--input', file, '--yes', '--json'], at.env)
  assert.equal(tried.code, 0, tried.err)
  const { receipt, stayed_one: stayedOne } = JSON.parse(tried.out)
  assert.deepEqual([receipt.outcome, stayedOne], ['created', true])
  assert.equal(at.hubspot.contacts().length, 1)
})

test('a message says of itself that it is a test, and is found again instead of being sent twice', async () => {
  await using at = await stage()
  const tried = await run(['plugin', 'try', 'slack-sales', '--yes'], at.env)
  assert.equal(tried.code, 0, tried.err)
  assert.match(tried.out, /it stayed one/)
})

test('bad credentials, a missing record and a file that holds none are said with what to do', async () => {
  await using at = await stage()
  const refused = await run(['plugin', 'try', 'hubspot', '--json'], { ...at.env, HUBSPOT_ACCESS_TOKEN: 'another' })
  assert.deepEqual([refused.code, JSON.parse(refused.out).ok], [1, false])
  for (const text of [
    '[]',
    'object: contacts',
    'object: x\nfields: { a: 1 }\nmatch: b',
    'object: x\nfields: { a: 1 }\nid: 7',
  ]) {
    const wrong = await run(['plugin', 'try', 'hubspot', '--input', await at.input(text), '--yes', '--json'], at.env)
    assert.deepEqual([wrong.code, JSON.parse(wrong.out).error.code], [2, 'FG_CLI_INPUT'], text)
  }
  const none = await run(['plugin', 'try', 'hubspot', '--yes'], at.env)
  assert.equal(none.code, 2)
  assert.match(none.err, /name a file with --input[\s\S]*match: email/)
})
