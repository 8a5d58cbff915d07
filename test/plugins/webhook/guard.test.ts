import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { fetchAllowing, listen, portOf, resolving } from '../../registry/guarded-fetch-stage.ts'
import { failureOf, inWords, webhookStage } from './webhook-stage.ts'

test('no way of writing a private address is reached, unless it is allowed', async () => {
  await using stage = await webhookStage({ fetch: fetchAllowing(['crm.internal']) })
  const { port } = new URL(stage.receiver.url)
  const addresses = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '0.0.0.0',
    '10.0.0.1',
    '192.168.1.1',
    '172.16.0.1',
  ]
  const more = [
    '169.254.169.254',
    '100.64.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[fd00::1]',
    '[fe80::1]',
  ]
  for (const host of [...addresses, ...more, 'localhost']) {
    for (const url of [`http://${host}:${port}/hooks/x`, `https://${host}/hooks/x`]) {
      const failure = await failureOf(stage.deliver({}, {}, { url }))
      assert.equal(inWords(failure), 'permanent destination FG_URL_REFUSED', url)
    }
  }
  assert.deepEqual(stage.receiver.standIn.requests, [])
  await using allowed = await webhookStage({ fetch: fetchAllowing(['127.0.0.1']) })
  await allowed.deliver()
  assert.equal(allowed.receiver.events.length, 1)
})

test('a name that leads to a private address is refused, also the second time it is looked up', async () => {
  const names = resolving(['127.0.0.1'], ['127.0.0.2'])
  await using stage = await webhookStage({ fetch: fetchAllowing(['127.0.0.1'], names) })
  const seen: string[] = []
  await using secret = await listen(
    createServer((_request, response) => {
      seen.push('reached')
      response.end()
    }),
    '127.0.0.2',
    Number(new URL(stage.receiver.url).port),
  )
  const url = `http://hooks.example:${portOf(secret)}/hooks/x`
  stage.receiver.standIn.misbehave({
    route: 'POST /hooks/*',
    fault: { kind: 'answer', answer: (real) => ({ ...real, headers: { connection: 'close' } }) },
  })
  await stage.deliver({}, {}, { url })
  const failure = await failureOf(stage.deliver({}, { idempotencyKey: 'second' }, { url }))
  assert.equal(inWords(failure), 'permanent destination FG_URL_REFUSED')
  assert.deepEqual([seen, stage.receiver.events.length], [[], 1])
})

test('a redirect is a failure and is not followed', async () => {
  await using stage = await webhookStage({ fetch: fetchAllowing(['127.0.0.1']) })
  const location = `${stage.receiver.standIn.url}/hooks/elsewhere`
  for (const status of [301, 302, 303, 307, 308]) {
    stage.receiver.standIn.misbehave({
      route: 'POST /hooks/flowgate',
      times: 1,
      fault: { kind: 'status', status, headers: { location } },
    })
    assert.equal(inWords(await failureOf(stage.deliver())), 'permanent destination FG_WEBHOOK_REDIRECT')
  }
  assert.deepEqual(stage.receiver.standIn.requestsTo('* /hooks/elsewhere'), [])
})

test('credentials in the URL are refused', async () => {
  await using stage = await webhookStage({ fetch: fetchAllowing(['127.0.0.1']) })
  const url = stage.receiver.url.replace('//', '//me:secret@')
  const failure = await failureOf(stage.deliver({}, {}, { url }))
  assert.equal(inWords(failure), 'permanent destination FG_URL_REFUSED')
  assert.doesNotMatch(failure.message, /secret/)
})
