import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { flowJson, footer, screen, sends } from './flow-json-parts.ts'
import { configurationOf, madeFlow, SHIPPED_DESTINATIONS } from './new-flow-stage.ts'
import { run } from './terminal.ts'

const FIELDS = ['--fields', 'full_name:text!, email:email!, wish:choice(tea "Green tea"|coffee)']

test('the command lists what it wrote and what to run next', async () => {
  const { folder, said } = await madeFlow(FIELDS)
  const place = join(folder, 'flows/visit')
  assert.equal(
    said.out,
    [
      'Written:',
      ...['flow.json', 'flow.yaml', 'mapping.yaml', 'tests.yaml'].map((file) => `  ${join(place, file)}`),
      'Next: replace what the comments name, then run',
      `  flowgate check --config ${folder}`,
      `  flowgate test visit --config ${folder}\n`,
    ].join('\n'),
  )
})

test('with --json it prints the same as one object', async () => {
  const folder = configurationOf({ 'destinations.yaml': SHIPPED_DESTINATIONS })
  const { code, out } = await run(['new-flow', 'visit', ...FIELDS, '--json', '--config', folder])
  const place = join(folder, 'flows/visit')
  assert.equal(code, 0)
  assert.deepEqual(JSON.parse(out), {
    ok: true,
    flow: 'visit',
    folder: place,
    files: ['flow.json', 'flow.yaml', 'mapping.yaml', 'tests.yaml'].map((file) => join(place, file)),
    notes: [],
    next: [`flowgate check --config ${folder}`, `flowgate test visit --config ${folder}`],
    issues: [],
  })
})

test('the folder comes from FLOWGATE_CONFIG where there is no --config', async () => {
  const folder = configurationOf({ 'destinations.yaml': SHIPPED_DESTINATIONS })
  const { code, out } = await run(['new-flow', 'visit', ...FIELDS], { FLOWGATE_CONFIG: folder })
  assert.equal(code, 0)
  assert.match(out, /\n {2}flowgate check\n {2}flowgate test visit\n$/)
  assert.equal(readdirSync(join(folder, 'flows/visit')).length, 4)
})

test('a folder with a blank in its name can be copied into the next command', async () => {
  const folder = join(configurationOf({ 'my config/destinations.yaml': SHIPPED_DESTINATIONS }), 'my config')
  const { out } = await run(['new-flow', 'visit', ...FIELDS, '--config', folder])
  assert.ok(out.includes(`\n  flowgate check --config '${folder}'\n`), out)
})

test('title and version are as they are given', async () => {
  const { flow, flowJson: made } = await madeFlow([...FIELDS, '--title', 'Come {and} see', '--version', '2026-1'])
  assert.deepEqual([flow.title, flow.version], ['Come {and} see', '2026-1'])
  assert.equal((made['screens'] as readonly { title: string }[])[0]?.title, 'Come {and} see')
})

test('editors are told the schema of each file where the configuration brings its schemas along', async () => {
  const schemas = { 'schema/flow.json': '{}', 'schema/mapping.json': '{}', 'schema/tests.json': '{}' }
  const made = await madeFlow(FIELDS, schemas)
  for (const name of ['flow', 'mapping', 'tests']) {
    const line = `# yaml-language-server: $schema=../../schema/${name}.json\n`
    assert.ok(made.text(`${name}.yaml`).startsWith(line), made.text(`${name}.yaml`))
  }
  assert.doesNotMatch((await madeFlow(FIELDS)).text('flow.yaml'), /yaml-language-server/)
})

const refusals: readonly [string, readonly string[], RegExp][] = [
  ['a name that cannot stand in an address', ['Visit us', ...FIELDS], /"Visit us" cannot be the name of a flow/],
  ['neither a Flow JSON nor fields', ['visit'], /Name either an exported Flow JSON with --from, or fields/],
  ['both a Flow JSON and fields', ['visit', '--from', 'x.json', ...FIELDS], /Name either/],
  [
    'screens for a Flow JSON that has its own',
    ['visit', '--from', 'x.json', '--per-screen', '3'],
    /goes with --fields/,
  ],
  ['an impossible number of fields', ['visit', ...FIELDS, '--per-screen', '0'], /a whole number from 1 to 20/],
  ['an empty title', ['visit', ...FIELDS, '--title', ' '], /--title needs a word/],
  ['an empty version', ['visit', ...FIELDS, '--version', ''], /--version needs 1 to 64 characters/],
  ['a Flow JSON that is not there', ['visit', '--from', '/nowhere.json'], /\/nowhere\.json cannot be read \(ENOENT\)/],
  [
    'a CRM that there is not',
    ['visit', ...FIELDS, '--to-crm', 'hubspto'],
    /`hubspto` that takes records: did you mean `hubspot`\?/,
  ],
  [
    'a channel that takes no messages',
    ['visit', ...FIELDS, '--notify', 'hubspot'],
    /that takes notifications; there is slack-sales/,
  ],
]

for (const [what, argv, said] of refusals) {
  test(`${what} is refused before anything is written`, async () => {
    const folder = configurationOf({ 'destinations.yaml': SHIPPED_DESTINATIONS })
    const { code, out, err } = await run(['new-flow', ...argv, '--config', folder])
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, said)
    assert.deepEqual(readdirSync(folder), ['destinations.yaml'])
  })
}

test('a configuration folder that there is not is refused', async () => {
  const { code, err } = await run(['new-flow', 'visit', ...FIELDS, '--config', '/nowhere/at/all'])
  assert.equal(code, 2)
  assert.match(err, /There is no configuration folder \/nowhere\/at\/all/)
})

test('destinations with mistakes leave the mapping empty and are reported; a named one cannot be looked up', async () => {
  const folder = configurationOf({ 'destinations.yaml': 'destinations: [nothing]\n' })
  const named = await run(['new-flow', 'visit', ...FIELDS, '--to-crm', 'hubspot', '--config', folder])
  assert.equal(named.code, 2)
  assert.match(named.err, /destinations\.yaml has mistakes, so --to-crm hubspot cannot be looked up/)
  const { code, out } = await run(['new-flow', 'visit', ...FIELDS, '--config', folder])
  assert.equal(code, 0)
  assert.match(out, /destinations\.yaml has mistakes, so the mapping delivers nothing yet/)
})

test('settings that cannot be read say nothing of the channel of alerts', async () => {
  const folder = configurationOf({ 'destinations.yaml': SHIPPED_DESTINATIONS, 'flowgate.yaml': 'alerts: { to: [' })
  const { code } = await run(['new-flow', 'visit', ...FIELDS, '--config', folder])
  assert.equal(code, 0)
  assert.match(readFileSync(join(folder, 'flows/visit/mapping.yaml'), 'utf8'), /to: slack-sales/)
})

test('nothing is ever overwritten: what is there is named and stays as it is', async () => {
  const { folder, text } = await madeFlow(FIELDS)
  const before = text('flow.yaml')
  const again = await run(['new-flow', 'visit', '--fields', 'other', '--config', folder])
  assert.equal(again.code, 2)
  assert.match(
    again.err,
    /flows\/visit holds flow\.json, flow\.yaml, mapping\.yaml, tests\.yaml\. Nothing is overwritten/,
  )
  assert.equal(text('flow.yaml'), before)
  mkdirSync(join(folder, 'flows/empty'))
  const empty = await run(['new-flow', 'empty', ...FIELDS, '--config', folder])
  assert.match(empty.err, /flows\/empty is there, and empty\./)
  mkdirSync(join(folder, 'flows/older@1'))
  const older = await run(['new-flow', 'older', ...FIELDS, '--config', folder, '--json'])
  assert.deepEqual([older.code, JSON.parse(older.out).error.code], [2, 'FG_CLI_FLOW_EXISTS'])
})

test('of two commands at once one writes all files and the other none', async () => {
  const folder = configurationOf({ 'destinations.yaml': SHIPPED_DESTINATIONS })
  const runs = ['a', 'b'].map((field) => run(['new-flow', 'visit', '--fields', field, '--config', folder]))
  const both = await Promise.all(runs)
  assert.deepEqual(both.map(({ code }) => code).sort(), [0, 2])
  assert.match(both.map(({ err }) => err).join(''), /Nothing is overwritten/)
  assert.deepEqual(readdirSync(join(folder, 'flows')), ['visit'])
  assert.equal(readdirSync(join(folder, 'flows/visit')).length, 4)
})

test('where nothing can be written the message says why', async () => {
  const folder = configurationOf({ flows: 'a file in the way' })
  const { code, err } = await run(['new-flow', 'visit', ...FIELDS, '--config', folder])
  assert.equal(code, 2)
  assert.match(err, /The flow cannot be written into .*flows \(ENOTDIR\)/)
  assert.equal(readFileSync(join(folder, 'flows'), 'utf8'), 'a file in the way')
})

/** A configuration with this Flow JSON in it, and what the command says to it. */
async function toldOf(text: string, more: readonly string[] = []) {
  const folder = configurationOf({ 'destinations.yaml': SHIPPED_DESTINATIONS, 'exported.json': text })
  const file = join(folder, 'exported.json')
  const ran = await run(['new-flow', 'visit', '--from', file, '--config', folder, ...more])
  assert.deepEqual(readdirSync(folder).sort(), ['destinations.yaml', 'exported.json'])
  rmSync(folder, { recursive: true })
  return { ...ran, file }
}

test("a Flow JSON's own mistakes come first, each with its place, and nothing is written", async () => {
  const wrong = flowJson({ A: ['B', 'C'], B: [] }, [
    screen('A', [footer(sends({ name: `\${form.name}` }))]),
    screen('B', [footer(sends({}))]),
  ])
  const text = JSON.stringify(wrong, undefined, 2)
  const { code, out, err, file } = await toldOf(text)
  assert.deepEqual([code, err], [1, ''])
  assert.match(out, /no screen is terminal/)
  assert.match(out, /uses `form\.name`, but no component of it has the name/)
  assert.match(out, /routing_model names screen `C`, which does not exist/)
  assert.match(out, /\nThe Flow JSON has 3 mistakes of its own\. Nothing was written\.\n$/)
  for (const line of out.split('\n').slice(0, 4))
    assert.match(line, /^\S*exported\.json:\d+:\d+ (error|advice) FG_CONFIG_/)
  const json = await toldOf(text, ['--json'])
  assert.equal(json.code, 1)
  const { ok, issues } = JSON.parse(json.out)
  assert.deepEqual([ok, issues.length], [false, 4])
  assert.equal(issues[0].file.endsWith(file.split('/').at(-1) ?? ''), true)
})

test('what is no JSON, or no Flow JSON, is told as such', async () => {
  assert.match((await toldOf('{ "version": ')).out, /exported\.json:1:\d+ error FG_CONFIG_JSON not valid JSON/)
  assert.match((await toldOf('[]')).out, /a Flow JSON must be an object/)
  const huge = await toldOf(JSON.stringify({ text: 'x'.repeat(11_000_000) }))
  assert.equal(huge.code, 2)
  assert.match(huge.err, /is above 10 MB/)
})

test('payloads that name another version than --version are refused, and so are two versions in one', async () => {
  const versions = (...said: readonly string[]): string =>
    JSON.stringify(
      flowJson(
        { A: ['B'], B: [] },
        said.map((flow_version, index) =>
          screen(['A', 'B'][index] ?? '', [footer(sends({ flow_version }))], index === 0 ? {} : { terminal: true }),
        ),
      ),
    )
  const other = await toldOf(versions('3', '3'), ['--version', '4'])
  assert.equal(other.code, 2)
  assert.match(other.err, /The payloads of the Flow JSON say version 3: leave out --version, or change them/)
  const two = await toldOf(versions('3', '4'))
  assert.equal(two.code, 2)
  assert.match(two.err, /would not pass "flowgate check"\.\nflows\/visit\/flow\.json:\d+:\d+ error FG_CONFIG_/)
})

test('the Flow JSON is copied as it stands but for a byte order mark', async () => {
  const text = `${JSON.stringify(flowJson({ A: [] }, [screen('A', [footer(sends({}))], { terminal: true })]))}\r\n`
  const folder = configurationOf({ 'exported.json': `\uFEFF${text}` })
  const made = await madeFlow(['--from', join(folder, 'exported.json')])
  assert.equal(made.text('flow.json'), text)
})
