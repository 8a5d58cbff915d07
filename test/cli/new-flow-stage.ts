import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import type { TestsFile } from '../../src/config/schema/tests.ts'
import type { Json, JsonObject } from '../../src/plugin/json.ts'
import { CONFIG } from './seed.ts'
import { type Ran, run } from './terminal.ts'

/** The destinations of the shipped configuration. */
export const SHIPPED_DESTINATIONS = readFileSync(join(CONFIG, 'destinations.yaml'), 'utf8')

/** A configuration folder that holds these files and no flow. */
export function configurationOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'flowgate-new-flow-'))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  return folder
}

/** A new flow, read back. */
export interface NewFlow {
  readonly folder: string
  readonly said: Ran
  readonly flowJson: JsonObject
  readonly flow: FlowFile
  readonly mapping: MappingFile
  readonly tests: TestsFile
  text(file: string): string
}

/**
 * Makes the flow `visit` with these options in a configuration of its own, then checks and tests it by the real commands. Fails
 * where any of them does.
 */
export async function madeFlow(
  options: readonly string[],
  files: Readonly<Record<string, string>> = { 'destinations.yaml': SHIPPED_DESTINATIONS },
): Promise<NewFlow> {
  const folder = configurationOf(files)
  const said = await run(['new-flow', 'visit', ...options, '--config', folder])
  assert.deepEqual([said.code, said.err], [0, ''], said.out)
  const place = join(folder, 'flows', 'visit')
  assert.deepEqual(readdirSync(join(folder, 'flows')), ['visit'])
  assert.deepEqual(readdirSync(place).sort(), ['flow.json', 'flow.yaml', 'mapping.yaml', 'tests.yaml'])
  for (const argv of [['check'], ['test', 'visit']]) {
    const { code, out, err } = await run([...argv, '--config', folder])
    assert.deepEqual([code, err], [0, ''], out)
  }
  const text = (file: string): string => readFileSync(join(place, file), 'utf8')
  return {
    folder,
    said,
    flowJson: JSON.parse(text('flow.json')),
    flow: parse(text('flow.yaml')),
    mapping: parse(text('mapping.yaml')),
    tests: parse(text('tests.yaml')),
    text,
  }
}

/** The flow made of this Flow JSON. */
export function flowFrom(flowJson: Json, options: readonly string[] = []): Promise<NewFlow> {
  const folder = configurationOf({ 'exported.json': JSON.stringify(flowJson) })
  return madeFlow(['--from', join(folder, 'exported.json'), ...options])
}

/** What each rule, trigger or step leads to, as one line each. */
export function steps({ tests }: NewFlow): readonly string[] {
  return (tests.tests[0]?.steps ?? []).map(({ screen, reopen, select, then }) => {
    const start = reopen === true ? 'reopen' : select === undefined ? screen : `${screen} ${JSON.stringify(select)}`
    return `${start} → ${then}`
  })
}
