import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { formatIssue } from '../../src/config/format-issue.ts'
import type { LoadOptions } from '../../src/config/load.ts'
import { createPluginCatalogue } from '../../src/registry/catalogue.ts'
import { secretOf } from '../stand-ins/webhook-receiver.ts'
import { load } from './configuration-folder.ts'
import { SMALL } from './small-configuration.ts'

type Variables = Readonly<Record<string, string>>

/** What is said of these destinations and sources, and of a mapping that uses none of them or this one. */
async function said(
  destinations: string,
  env: Variables = {},
  { secrets = 'placeholder', mapping = '{}\n' }: { secrets?: LoadOptions['secrets']; mapping?: string } = {},
): Promise<readonly string[]> {
  const { 'flows/ask/tests.yaml': _tests, ...small } = SMALL
  const files = {
    ...small,
    'flowgate.yaml': '{}\n',
    'destinations.yaml': destinations,
    'flows/ask/mapping.yaml': mapping,
  }
  const { issues } = await load(files, env, { plugins: createPluginCatalogue('.'), ...(secrets ? { secrets } : {}) })
  return issues.filter(({ code }) => code !== 'FG_CONFIG_ANSWER_DROPPED').map(formatIssue)
}

const destination = (plugin: string, config: string) =>
  `destinations:\n  it:\n    plugin: ${plugin}\n    config: ${config}\n`
const source = (plugin: string, config: string) => destination(plugin, config).replace('destinations', 'sources')

async function assertRefused(lines: Promise<readonly string[]>, start: string, message: RegExp): Promise<void> {
  const [issue = '', ...others] = await lines
  assert.deepEqual(others, [])
  assert.equal(issue.slice(0, start.length), start, issue)
  assert.match(issue.slice(start.length), message)
}

const HOOK = `[${secretOf(1)}]`

test('a URL that the guard is sure to refuse is refused with its place, whatever plugin asks it', async () => {
  const url = 'destinations.yaml:4:20 error FG_CONFIG_URL this URL is never asked: '
  const hook = (address: string, env: Variables = {}) =>
    said(destination('webhook', `{ url: "${address}", secrets: ${HOOK} }`), env)
  await assertRefused(
    hook('http://crm.internal/hook?token=hunter2'),
    url,
    /^A request to crm\.internal is refused: only https is spoken there\. Correct the URL, or name the host in FLOWGATE_ALLOW_HOSTS where that is meant\.$/,
  )
  await assertRefused(
    hook('https://10.1.2.3/hook'),
    url,
    /^A request to 10\.1\.2\.3 is refused: it is no address of the public/,
  )
  await assertRefused(hook('https://[::1]/hook'), url, /^A request to \[::1\] is refused/)
  await assertRefused(hook('https://2130706433/hook'), url, /^A request to 127\.0\.0\.1 is refused/)
  await assertRefused(
    hook('https://crm.example:9000/hook'),
    url,
    /^A request to crm\.example:9000 is refused: only ports 443 and 8443/,
  )
  await assertRefused(
    said(
      destination(
        'webhook-message',
        `{ url: "https://a.example", secrets: ${HOOK}, recipients: { b: "http://b.example" } }`,
      ),
    ),
    'destinations.yaml:4:121 error FG_CONFIG_URL ',
    /A request to b\.example is refused/,
  )
  await assertRefused(
    said(source('http-source', '{ base_url: "http://10.0.0.5", queries: { one: { path: /one } } }')),
    'destinations.yaml:4:25 error FG_CONFIG_URL ',
    /A request to 10\.0\.0\.5 is refused/,
  )
  await assertRefused(
    said(
      destination(
        'http',
        '{ base_url: "https://a.example", auth: { oauth2: { token_url: "http://b.example", client_id: a, client_secret: b } }, objects: { one: { create: { path: /one } } } }',
      ),
    ),
    'destinations.yaml:4:75 error FG_CONFIG_URL ',
    /A request to b\.example is refused/,
  )
})

test('a URL that FLOWGATE_ALLOW_HOSTS names, or whose host may yet lead to a range in it, passes', async () => {
  const hook = (address: string, allowed: string) =>
    said(destination('webhook', `{ url: "${address}", secrets: ${HOOK} }`), { FLOWGATE_ALLOW_HOSTS: allowed })
  assert.deepEqual(await hook('http://crm.internal/hook', 'crm.internal'), [])
  assert.deepEqual(await hook('http://crm.internal/hook', '10.0.0.0/8'), [])
  assert.deepEqual(await hook('https://10.1.2.3:9000/hook', '10.1.2.3:9000'), [])
  assert.deepEqual(await hook('https://localhost/hook', ''), [], 'what a name leads to is not looked up')
  assert.equal((await hook('http://crm.internal/hook', 'crm.internal:8080')).length, 1)
  assert.equal((await hook('https://10.1.2.3/hook', '10.1.2.4')).length, 1)
  // What it says is not known: the start of the gateway tells that, and nothing is said of the URL.
  assert.deepEqual(await hook('http://crm.internal/hook', 'http://'), [])
})

test('a URL from the environment is judged as it is filled in, and nothing of it is shown but its host', async () => {
  const hook = destination('webhook', `{ url: "\${HOOK_URL}", secrets: ${HOOK} }`)
  const [issue = '', ...others] = await said(hook, { HOOK_URL: 'http://crm.internal/hook/hunter2?token=hunter3' })
  assert.deepEqual(others, [])
  assert.match(issue, /^destinations\.yaml:4:20 error FG_CONFIG_URL .* crm\.internal /)
  assert.doesNotMatch(issue, /hunter/)
  assert.deepEqual(await said(hook, { HOOK_URL: 'https://hooks.acme.example/hunter2' }), [])
  assert.deepEqual(await said(hook), [], 'without its variable a URL is not known')
  assert.deepEqual(await said(destination('webhook', `{ url: "http://\${HOST}/hook", secrets: ${HOOK} }`)), [])
  assert.deepEqual(
    await said(destination('webhook', `{ url: "http://\${HOST}/hook", secrets: ${HOOK} }`), { HOST: 'crm.internal' }),
    [
      'destinations.yaml:4:20 error FG_CONFIG_URL this URL is never asked: A request to crm.internal is refused: only https is spoken there. Correct the URL, or name the host in FLOWGATE_ALLOW_HOSTS where that is meant.',
    ],
  )
})

test('addresses that no guard is set before are left alone', async () => {
  assert.deepEqual(await said(destination('hubspot', '{ access_token: a, base_url: "http://127.0.0.1:3000" }')), [])
  assert.deepEqual(
    await said(destination('slack', '{ bot_token: a, channel: C0123, api_url: "http://127.0.0.1:3000" }')),
    [],
  )
})

const MAIL = 'host: smtp.acme.example, from: a@acme.example, to: b@acme.example'
const DKIM = 'dkim_domain: acme.example, dkim_selector: one'
const ELLIPTIC = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' })

const FAULTS: readonly (readonly [why: string, file: string, place: string, message: RegExp, env?: Variables])[] = [
  [
    'a password over a connection in the clear',
    destination('email', `{ security: none, username: me, password: "\${SMTP_PASSWORD}", ${MAIL} }`),
    '4:25',
    /^A password would cross the network in the clear: use security starttls or tls, or no username\.$/,
  ],
  [
    'a key for DKIM that is none',
    destination('email', `{ dkim_private_key: "\${KEY}", ${DKIM}, ${MAIL} }`),
    '4:33',
    /^dkim_private_key is no RSA key in PEM form/,
    { KEY: String(ELLIPTIC) },
  ],
  [
    'a secret of webhooks that is none',
    destination('webhook', `{ url: "https://a.example", secrets: [${secretOf(1)}, whsec_hunter2] }`),
    '4:103',
    /^secret 2 of `secrets` is none: write whsec_ and the base64 of 24 to 64 random bytes/,
  ],
  [
    "a header that is the plugin's own",
    destination('webhook-message', `{ headers: { Host: b.example }, url: "https://a.example", secrets: ${HOOK} }`),
    '4:32',
    /^the header Host is the plugin's own: leave it out$/,
  ],
  [
    'a URL that is of no workflow',
    destination(
      'teams',
      '{ url: "https://prod.example/workflows/1/triggers/manual/paths/invoke?sig=hunter2", recipients: { vip: "https://acme.webhook.office.com/hunter2" } }',
    ),
    '4:116',
    /^The URL of the recipient vip is of a kind that Microsoft has switched off/,
  ],
  [
    'nothing to sign in with',
    destination('salesforce', `{ login_url: "https://acme.my.salesforce.com", client_id: "\${ID}" }`),
    '4:5',
    /^write client_secret, or username and private_key: without them nobody can sign in$/,
  ],
  [
    'the address of a database without its name',
    destination('sql', `{ url: "\${DATABASE}" }`),
    '4:20',
    /^`url` names no database/,
    { DATABASE: 'postgres://me:hunter2@db.example/' },
  ],
  [
    'the same of a source',
    source('sql-source', '{ url: "postgres://me:hunter2@db.example/a?ssl=1", queries: a.sql }'),
    '4:20',
    /^`url` has something other than `sslmode` behind its \?/,
  ],
  [
    'a file of certificates that is not there',
    destination('sql', '{ tls_ca: certs/gone.pem, url: "postgres://me:hunter2@db.example/a" }'),
    '4:23',
    /^there is no file certs\/gone\.pem in the configuration folder$/,
  ],
  [
    'a place in a request that there is not',
    destination('http', `{ base_url: "\${LIST_URL}", objects: { people: { create: { path: "/{nobody}" } } } }`),
    '4:69',
    /^objects\.people\.create: /,
  ],
  [
    'a look-up of messages that never finds one',
    destination(
      'http-message',
      `{ base_url: "\${CHAT_URL}", auth: { bearer: "\${TOKEN}" }, request: { path: /say }, find: { path: /said } }`,
    ),
    '4:101',
    /^`find` finds nothing: the request has no place \{key\}$/,
  ],
  [
    "a header that is the connection's own",
    source(
      'http-source',
      '{ base_url: "https://a.example", headers: { Host: b.example }, queries: { one: { path: /one } } }',
    ),
    '4:55',
    /^the header host is the connection's own: leave it out$/,
  ],
]

for (const [why, file, place, message, env = {}] of FAULTS) {
  test(`${why} is refused with its place and without a secret`, async () => {
    const lines = said(file, env)
    await assertRefused(lines, `destinations.yaml:${place} error FG_CONFIG_SETTING `, message)
    assert.doesNotMatch((await lines).join('\n'), /hunter2/)
  })
}

test('nothing is said of settings that are right, nor of what a missing variable hides', async () => {
  assert.deepEqual(await said(destination('email', `{ security: none, ${MAIL} }`)), [])
  assert.deepEqual(await said(destination('email', `{ security: starttls, username: me, password: x, ${MAIL} }`)), [])
  assert.deepEqual(await said(destination('email', `{ security: "\${SECURITY:-none}", ${MAIL} }`)), [])
  assert.deepEqual(await said(destination('email', `{ dkim_private_key: "\${KEY}", ${DKIM}, ${MAIL} }`)), [])
  assert.deepEqual(await said(destination('webhook', `{ url: "\${URL}", secrets: ["\${SECRET}"] }`)), [])
  assert.deepEqual(await said(destination('teams', `{ url: "\${URL}", owners: { a@b.example: "\${OTHER}" } }`)), [])
  assert.deepEqual(await said(destination('sql', `{ url: "postgres://me:\${PASSWORD}@db.example/" }`)), [])
  assert.deepEqual(
    await said(source('http-source', `{ base_url: "\${URL}", queries: { one: { path: "/{day}" } } }`)),
    [],
  )
})

test('what is refused without secrets is refused at the start as well', async () => {
  const file = destination('email', `{ security: none, username: me, password: "\${SMTP_PASSWORD}", ${MAIL} }`)
  const started = await said(file, { SMTP_PASSWORD: 'hunter2' }, { secrets: 'required' })
  assert.deepEqual(started, await said(file))
})

const CHANNELS = `destinations:
  chat:
    plugin: slack
    config: { bot_token: "\${SLACK}", channel: C0123 }
  rooms:
    plugin: teams
    config: { url: "\${TEAMS}" }
  hook:
    plugin: webhook-message
    config: { url: "https://a.example", secrets: ["\${SECRET}"] }
  api:
    plugin: http-message
    config: { base_url: "\${API}", request: { path: /say } }
  mail:
    plugin: email
    config: { ${MAIL} }
  phone:
    plugin: whatsapp
    config: { access_token: a, phone_number_id: "12345", to: "+34600000000", template: { name: a, language: en, parameters: [title] } }
`

const telling = (to: string, recipient: string) =>
  said(
    CHANNELS,
    {},
    { mapping: `notifications:\n  - id: tell\n    to: ${to}\n    title: New\n    recipient: ${recipient}\n` },
  )

test('a person whom a channel does not reach is refused as its recipient', async () => {
  const start = 'flows/ask/mapping.yaml:5:26 error FG_CONFIG_RECIPIENT '
  for (const to of ['chat', 'rooms', 'hook', 'api']) {
    for (const by of ['email', 'phone']) {
      const message = `destination \`${to}\` does not reach the person by \`person: ${by}\`: name one of its recipients, or send to a destination that does`
      assert.deepEqual(await telling(to, `{ person: ${by} }`), [`${start}${message}`])
    }
  }
  await assertRefused(
    telling('mail', '{ person: phone }'),
    start,
    /^destination `mail` does not reach the person by `person: phone` but by `person: email`/,
  )
  await assertRefused(telling('phone', '{ person: email }'), start, /`person: email` but by `person: phone`/)
  assert.deepEqual(await telling('mail', '{ person: email }'), [])
  assert.deepEqual(await telling('phone', '{ person: phone }'), [])
})

test('a name is refused where a destination has a directory of recipients and nobody is in it', async () => {
  for (const to of ['chat', 'mail']) {
    assert.deepEqual(await telling(to, 'vip'), [
      `flows/ask/mapping.yaml:5:16 error FG_CONFIG_RECIPIENT \`vip\` is not among the recipients of \`${to}\`: it names none`,
    ])
  }
})
