import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfiguration } from '../../src/config/load.ts'
import { catalogue, load, places } from './configuration-folder.ts'
import { SMALL } from './small-configuration.ts'

test('a configuration folder that does not exist is named', async () => {
  const result = await loadConfiguration(join(tmpdir(), 'no-such-folder'), {}, { plugins: catalogue })
  assert.deepEqual(places(result), ['.:1:1 error FG_CONFIG_FOLDER'])
})

test('a folder without a flow is refused: most likely it is the wrong folder', async () => {
  const result = await load({ 'destinations.yaml': SMALL['destinations.yaml'] })
  assert.deepEqual(places(result), ['flows:1:1 error FG_CONFIG_NO_FLOW'])
})

test('a flow without its Flow JSON or its flow.yaml is refused', async () => {
  const { 'flows/ask/flow.json': flowJson, 'flows/ask/flow.yaml': flow } = SMALL
  assert.deepEqual(places(await load({ 'flows/ask/flow.yaml': flow })), [
    'flows/ask/flow.json:1:1 error FG_CONFIG_FILE_MISSING',
  ])
  assert.deepEqual(places(await load({ 'flows/ask/flow.json': flowJson })), [
    'flows/ask/flow.yaml:1:1 error FG_CONFIG_FILE_MISSING',
  ])
})

test('a file whose name is nearly right is named instead of passed over', async () => {
  const { 'flows/ask/mapping.yaml': mapping, 'destinations.yaml': destinations, ...rest } = SMALL
  const result = await load({ ...rest, 'Destinations.yml': destinations, 'flows/ask/mappings.yaml': mapping })
  assert.deepEqual(
    places(result).filter((line) => line.includes('FILE_NAME')),
    ['Destinations.yml:1:1 error FG_CONFIG_FILE_NAME', 'flows/ask/mappings.yaml:1:1 error FG_CONFIG_FILE_NAME'],
  )
})

test('files and folders the gateway does not know are left alone', async () => {
  const result = await load({
    ...SMALL,
    'flows/README.md': 'x',
    'flows/.git/x': 'x',
    'schema/flow.json': '{',
    'flows/ask/notes.txt': 'x',
  })
  assert.deepEqual(places(result), [])
})

test('a byte order mark, anchors and aliases are understood', async () => {
  const flow = SMALL['flows/ask/flow.yaml']
    .replace('{ type: text, required: true }', '&name { type: text, required: true }')
    .replace('goal: { type: text }', 'goal: *name')
  const result = await load({ ...SMALL, 'flows/ask/flow.yaml': `\uFEFF${flow}` })
  assert.deepEqual(places(result), [])
  assert.ok(result.ok)
  assert.equal(
    result.configuration.flows.get('ask')?.flow.screens.get('DONE')?.fields.get('goal')?.settings.required,
    true,
  )
})
