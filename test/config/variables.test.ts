import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { formatIssue } from '../../src/config/format-issue.ts'
import { load } from './configuration-folder.ts'
import { SMALL } from './small-configuration.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flowgate-variables-'))
  await writeFile(join(folder, 'token'), 'from-a-file\n')
})
after(() => rm(folder, { recursive: true }))

const withToken = (token: string): Record<string, string> => ({
  ...SMALL,
  'destinations.yaml': SMALL['destinations.yaml'].replace('secret', () => token),
})

async function tokenWith(token: string, env: Readonly<Record<string, string>>): Promise<unknown> {
  const result = await load(withToken(token), env)
  assert.deepEqual(result.issues, [])
  assert.ok(result.ok)
  return result.configuration.destinations.get('main')?.config['token']
}

test('a variable is filled in from the environment, from its file, or from its default, in this order', async () => {
  const file = join(folder, 'token')
  assert.equal(await tokenWith(`"\${TOKEN:-none}"`, { TOKEN: 'given', TOKEN_FILE: file }), 'given')
  assert.equal(await tokenWith(`"\${TOKEN:-none}"`, { TOKEN: '', TOKEN_FILE: file }), 'from-a-file')
  assert.equal(await tokenWith(`"a-\${TOKEN:-none}-\${OTHER:-https://x/}"`, {}), 'a-none-https://x/')
})

test('two dollars keep a placeholder as it is', async () => {
  assert.equal(await tokenWith(`"$\${TOKEN}"`, {}), `\${TOKEN}`)
})

test('every variable that is not set is named at its place, and its form is not judged', async () => {
  const files = {
    ...SMALL,
    'flowgate.yaml': `alerts: { to: "\${TEAM}" }\n`,
    'destinations.yaml': SMALL['destinations.yaml']
      .replace('secret', `"\${CRM_TOKEN}"`)
      .replace('xoxb-1', `"\${CHAT_TOKEN}"`),
  }
  const result = await load(files)
  assert.deepEqual(result.issues.map(formatIssue), [
    'destinations.yaml:4:22 error FG_CONFIG_VARIABLE_UNSET CRM_TOKEN is not set: set it, or name a file that holds it in CRM_TOKEN_FILE',
    'destinations.yaml:7:22 error FG_CONFIG_VARIABLE_UNSET CHAT_TOKEN is not set: set it, or name a file that holds it in CHAT_TOKEN_FILE',
    'flowgate.yaml:1:15 error FG_CONFIG_VARIABLE_UNSET TEAM is not set: set it, or name a file that holds it in TEAM_FILE',
  ])
  const checked = await load(files, {}, { secrets: 'placeholder' })
  assert.deepEqual(checked.issues, [])
  assert.equal(checked.ok, true)
})

test('a variable of the wrong form and a file that cannot be read are named', async () => {
  const odd = await load(withToken(`"\${not a name}"`))
  assert.deepEqual(odd.issues.map(formatIssue), [
    `destinations.yaml:4:22 error FG_CONFIG_VARIABLE \${not a name} is not a variable: write \${NAME} or \${NAME:-default}, or $\${ for a plain \${`,
  ])
  const gone = await load(withToken(`"\${TOKEN}"`), { TOKEN_FILE: join(folder, 'gone') })
  const [first] = gone.issues
  assert.equal(first?.code, 'FG_CONFIG_VARIABLE_FILE')
  assert.match(first?.message ?? '', /^TOKEN_FILE names .*gone, which cannot be read \(ENOENT\)/u)
})

test('a secret that does not fit its form is not repeated in the message', async () => {
  const files = { ...SMALL, 'destinations.yaml': SMALL['destinations.yaml'].replace('xoxb-1', `"\${CHAT_TOKEN}"`) }
  const result = await load(files, { CHAT_TOKEN: 'very-secret' })
  assert.equal(result.issues.length, 1)
  assert.ok(!JSON.stringify(result.issues).includes('very-secret'))
})
