import assert from 'node:assert/strict'
import { test } from 'node:test'
import { load, places } from './configuration-folder.ts'
import { changed } from './small-configuration.ts'

const MAPPING = 'flows/ask/mapping.yaml'

/** The small configuration with one more field of its record. */
function withField(field: string) {
  return load(
    changed(MAPPING, '      name: { from: form.name }\n', `      name: { from: form.name }\n      ${field}\n`),
  )
}

test('an order may come from the plugin or from the mapping', async () => {
  for (const field of [
    'stage: { value: lead, write: forward_only }',
    'stage: { from: form.size, lookup: { "1": lead }, default: customer, write: forward_only }',
    'tier: { value: b, write: forward_only, order: [a, b] }',
    'stage: { value: b, write: forward_only, order: [a, b] }',
  ]) {
    assert.deepEqual(places(await withField(field)), [], field)
  }
})

const MISTAKES = [
  ['tier: { value: b, write: forward_only }', '11:32', 'nobody knows the order of `contacts.tier`: add `order`'],
  [
    'stagee: { value: lead, write: forward_only }',
    '11:37',
    'nobody knows the order of `contacts.stagee`: did you mean `stage`?',
  ],
  [
    'stage: { value: leed, write: forward_only }',
    '11:23',
    '`leed` is not in the order of this field: did you mean `lead`?',
  ],
  [
    'stage: { from: form.size, lookup: { "1": lead, "2": partner }, write: forward_only }',
    '11:59',
    '`partner` is not in the order of this field: it has lead, customer',
  ],
  [
    'stage: { value: lead, write: forwrad_only }',
    '11:36',
    'unknown write policy `forwrad_only`: did you mean `forward_only`?',
  ],
  ['stage: { value: lead, write: append, order: [a, b] }', '11:51', '`order` belongs to `write: forward_only`'],
] as const

for (const [field, place, message] of MISTAKES) {
  test(`${field} is told where it stands`, async () => {
    const { issues } = await withField(field)
    const [issue, ...others] = issues
    assert.deepEqual(others, [])
    assert.deepEqual([issue?.file, `${issue?.line}:${issue?.column}`, issue?.code], [MAPPING, place, 'FG_CONFIG_WRITE'])
    assert.ok(issue?.message.includes(message), issue?.message)
  })
}

test('where the destination is mistyped or no CRM, that alone is told', async () => {
  for (const to of ['mian', 'team']) {
    const text = changed(MAPPING, '    to: main\n', `    to: ${to}\n`)[MAPPING] ?? ''
    const files = changed(MAPPING, '    to: main\n', `    to: ${to}\n`)
    const field = '      tier: { value: b, write: forward_only }\n'
    const result = await load({ ...files, [MAPPING]: text.replace('    fields:\n', `    fields:\n${field}`) })
    assert.deepEqual(
      result.issues.map(({ code }) => code),
      [to === 'mian' ? 'FG_CONFIG_DESTINATION_UNKNOWN' : 'FG_CONFIG_DESTINATION_KIND'],
    )
  }
})

test('a path in `files` that no screen has is told where it stands', async () => {
  const files = changed(MAPPING, '    match: name\n', '    match: name\n    files: [{ from: form.photo }]\n')
  const { issues } = await load(files)
  assert.deepEqual(places({ ok: false, issues }), ['flows/ask/mapping.yaml:9:21 error FG_CONFIG_FIELD_UNKNOWN'])
})
