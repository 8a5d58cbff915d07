import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import { callOf, teamsDestination } from './destination.ts'

const whole =
  'https://3f.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/7c/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abc'

test('well formed URLs are healthy, and that says how little it means', async () => {
  await using teams = await teamsDestination({ url: whole })
  const health = await teams.instance.health(callOf({}))
  assert.deepEqual(health, {
    ok: true,
    account: '3 workflow URLs, well formed; Teams cannot be asked without posting',
  })
  assert.equal(teams.vendor.standIn.requests.length, 0)
})

test('URLs that cannot be a workflow’s are refused by health and by deliver, and never quoted', async () => {
  const table: readonly [code: string, url: string][] = [
    ['FG_TEAMS_URL_RETIRED', 'https://acme.webhook.office.com/webhookb2/11@22/IncomingWebhook/33/44'],
    ['FG_TEAMS_URL_RETIRED', 'https://outlook.office.com/webhook/11@22/IncomingWebhook/33/44'],
    ['FG_TEAMS_URL_RETIRED', whole.replace('3f.environment.api.powerplatform.com', 'prod-11.westus.logic.azure.com')],
    ['FG_TEAMS_URL', whole.replace('&sig=abc', '')],
    ['FG_TEAMS_URL', whole.replace('&sig=abc', '&sig=')],
    ['FG_TEAMS_URL', 'https://teams.microsoft.com/l/channel/33?sig=abc'],
    ['FG_TEAMS_URL', 'https://'],
  ]
  for (const [code, url] of table) {
    for (const config of [{ url }, { recipients: { vip: url } }, { owners: { 'ana@acme.example': url } }]) {
      await using teams = await teamsDestination(config)
      const health = await teams.instance.health(callOf({}))
      assert.ok(!health.ok)
      assert.equal(health.failure.code, code, url)
      assert.ok(health.failure.kind === 'permanent' && health.failure.scope === 'destination')
      assert.ok(!health.failure.message.includes(url))
    }
    await using teams = await teamsDestination({ url })
    await assert.rejects(
      teams.deliver({}),
      (error) => error instanceof FailureError && error.failure.code === code && !error.message.includes(url),
    )
  }
})

test('health names the recipient whose URL is wrong', async () => {
  await using teams = await teamsDestination({ recipients: { vip: whole, night: 'https://teams.microsoft.com/' } })
  const health = await teams.instance.health(callOf({}))
  assert.match(health.ok ? '' : health.failure.message, /of the recipient night/)
})
