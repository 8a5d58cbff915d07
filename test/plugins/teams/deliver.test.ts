import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import { teamsRoute } from '../../stand-ins/teams.ts'
import { shownTexts } from '../../stand-ins/teams-shown.ts'
import { teamsDestination } from './destination.ts'

test('a message is posted once, and its receipt has the delivery’s own key', async () => {
  await using teams = await teamsDestination()
  assert.deepEqual(await teams.deliver({}), { outcome: 'sent', id: 'delivery-1' })
  assert.deepEqual([teams.sales.posted.length, teams.vip.posted.length, teams.ana.posted.length], [1, 0, 0])
  assert.deepEqual(teams.sales.failedRuns, [])
})

test('whatever a person types arrives as plain text', async () => {
  await using teams = await teamsDestination()
  const typed = '<!channel> <@U1> [x](http://evil) <at>Ana</at> <b>b</b> *b* `c` & a\nnew line'
  await teams.deliver(
    {},
    { title: typed, text: typed, facts: [{ label: typed, value: typed }], link: { label: typed, url: 'https://a.b/' } },
  )
  const [posted] = teams.sales.posted
  assert.ok(posted)
  const texts = shownTexts(posted.card)
  assert.deepEqual(
    texts.flatMap(({ live }) => live),
    [],
  )
  const [title, text, label, value] = texts.map((shown) => shown.text)
  assert.deepEqual([text, value], [typed, typed])
  assert.equal(title, typed.replace('\n', ' '))
  assert.equal(label, `${typed.replace('\n', ' ').slice(0, 74)}…`)
})

test('a recipient is found by name, by owner, by the owner’s stand-in and by default', async () => {
  await using teams = await teamsDestination()
  const owner = { id: '7', email: 'ana@ACME.example' }
  const stranger = { id: '8', email: 'bo@acme.example' }
  await teams.deliver({}, { title: 'by name', recipient: { kind: 'named', name: 'vip' } })
  await teams.deliver({}, { title: 'by owner', recipient: { kind: 'owner', owner } })
  await teams.deliver({}, { title: 'otherwise', recipient: { kind: 'owner', owner: stranger, otherwise: 'vip' } })
  await teams.deliver({}, { title: 'default', recipient: { kind: 'owner', owner: { id: '9' } } })
  const titles = [teams.vip, teams.ana, teams.sales].map(({ posted }) => posted.map(({ card }) => card['fallbackText']))
  assert.deepEqual(titles, [['by name', 'otherwise'], ['by owner'], ['default']])
})

test('a recipient that the destination does not have fails the message and names those there are', async () => {
  await using teams = await teamsDestination()
  for (const recipient of [
    { kind: 'named', name: 'VIP' },
    { kind: 'named', name: 'toString' },
    { kind: 'owner', owner: { id: '8' }, otherwise: 'nobody' },
  ] as const) {
    const failure = await failureOf(teams.deliver({}, { recipient }))
    assert.deepEqual([failure.kind, failure.code], ['permanent', 'FG_TEAMS_RECIPIENT_UNKNOWN'])
    assert.ok(failure.kind === 'permanent' && failure.scope === 'record')
    assert.match(failure.message, /there are: vip\)/)
  }
  assert.equal(teams.vendor.standIn.requests.length, 0)
})

test('the person who filled the form cannot be told in Teams', async () => {
  await using teams = await teamsDestination()
  const failure = await failureOf(teams.deliver({}, { recipient: { kind: 'person', email: 'ana@acme.example' } }))
  assert.ok(failure.kind === 'permanent' && failure.scope === 'record')
  assert.equal(failure.code, 'FG_TEAMS_PERSON')
})

test('an uncertain call sends nothing, until the operator sends again, visibly marked', async () => {
  await using teams = await teamsDestination()
  await teams.deliver({})
  const failure = await failureOf(teams.deliver({ attempt: 2, uncertain: true }))
  assert.deepEqual([failure.kind, failure.code], ['unknown', 'FG_TEAMS_POSSIBLY_SENT'])
  await teams.deliver({ attempt: 3, uncertain: true, resend: true })
  const titles = teams.sales.posted.map(({ card }) => card['fallbackText'])
  assert.deepEqual(titles, ['New lead', 'New lead (possibly sent twice)'])
})

test('what was sent again and got no clear answer waits for a person', async () => {
  await using teams = await teamsDestination()
  const { standIn } = teams.vendor
  standIn.misbehave({ route: teamsRoute, fault: { kind: 'lose-after' } })
  const lost = await failureOf(teams.deliver({ attempt: 3, uncertain: true, resend: true }))
  assert.deepEqual([lost.kind, lost.code], ['unknown', 'FG_TEAMS_POSSIBLY_SENT'])
  standIn.behave()
  standIn.misbehave({ route: teamsRoute, fault: { kind: 'status', status: 503 } })
  const turnedAway = await failureOf(teams.deliver({ attempt: 3, uncertain: true, resend: true }))
  assert.equal(turnedAway.kind, 'retryable', 'nothing was made of it, so it may be sent')
})

test('a late message and the one that completes it arrive one after the other', async () => {
  await using teams = await teamsDestination()
  const link = { label: 'Open', url: 'https://crm.example/1' }
  const late = await teams.deliver({ idempotencyKey: 'late-1' }, { late: true })
  await teams.deliver({}, { link, completes: late })
  const [first, second] = teams.sales.posted
  assert.doesNotMatch(first?.text ?? '', /crm\.example/)
  assert.match(first?.text ?? '', /the link follows/)
  assert.match(second?.text ?? '', /This completes.*https:\/\/crm\.example\/1/)
})

test('the pace is asked for before each post, and a refusal of it sends nothing', async () => {
  const classes: string[] = []
  const limited = { kind: 'rate-limited', code: 'spent', message: 'spent', retryAfterSeconds: 3 } as const
  await using teams = await teamsDestination(
    {},
    {
      spend: async (endpointClass) => {
        classes.push(endpointClass)
        if (classes.length > 1) throw new FailureError(limited)
      },
    },
  )
  await teams.deliver({})
  assert.deepEqual(await failureOf(teams.deliver({ idempotencyKey: 'delivery-2' })), limited)
  assert.deepEqual([classes, teams.vendor.standIn.requests.length], [['all', 'all'], 1])
})

async function failureOf(delivering: Promise<unknown>) {
  const error = await delivering.then(
    () => assert.fail('The delivery was confirmed.'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof FailureError, String(error))
  return error.failure
}
