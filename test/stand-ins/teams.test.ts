import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTeams } from './teams.ts'

const card = {
  type: 'AdaptiveCard',
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  version: '1.5',
  body: [{ type: 'TextBlock', text: 'Hello', wrap: true }],
}

function message(content: unknown, contentType = 'application/vnd.microsoft.card.adaptive') {
  return JSON.stringify({ type: 'message', attachments: [{ contentType, contentUrl: null, content }] })
}

async function post(url: string, body: string) {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const { error } =
    response.status === 202 ? { error: undefined } : ((await response.json()) as { error: { code: string } })
  return `${response.status} ${error?.code ?? ''}`.trim()
}

test('a workflow accepts what is signed and refuses what is not, or comes too late', async () => {
  await using teams = await startTeams()
  const workflow = teams.workflow()
  assert.equal(await post(workflow.url, message(card)), '202')
  assert.equal(await post(workflow.url.replace('sig=', 'sig=x'), message(card)), '401 DirectApiAuthorizationRequired')
  assert.equal(await post(workflow.url.replace('/workflows/', '/workflows/x'), message(card)), '404 WorkflowNotFound')
  assert.equal(await post(workflow.url, 'no JSON'), '400 InvalidRequestContent')
  workflow.state = 'off'
  assert.equal(await post(workflow.url, message(card)), '400 WorkflowTriggerIsNotEnabled')
  assert.equal(workflow.posted.length, 1)
})

test('a message that cannot be shown is accepted all the same, and shown to nobody', async () => {
  await using teams = await startTeams()
  const workflow = teams.workflow()
  const wrong: readonly [why: RegExp, body: string][] = [
    [/too large/, message({ ...card, fallbackText: 'x'.repeat(29_000) })],
    [/no Adaptive Card/, message(card, 'application/vnd.microsoft.teams.card.o365connector')],
    [/no Adaptive Card/, JSON.stringify({ text: 'hello' })],
    [/Unknown element type/, message({ ...card, body: [{ type: 'Poem' }] })],
    [/another card/, message({ ...card, colour: 'red' })],
  ]
  for (const [why, body] of wrong) {
    assert.equal(await post(workflow.url, body), '202')
    assert.match(workflow.failedRuns.splice(0).join(), why)
  }
  assert.equal(workflow.posted.length, 0)
})
