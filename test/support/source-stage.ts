import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { type Asker, createAsker } from '../../src/ask/asker.ts'
import type { Clock } from '../../src/clock.ts'
import type { Configuration, SourceSettings } from '../../src/config/configuration.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { keptLog } from './log.ts'

/** Real sources asked as a process asks them, without the rest of the gateway. */
export interface SourceStage extends AsyncDisposable {
  readonly asker: Asker
  /** Log lines, parsed. */
  lines(): readonly Record<string, unknown>[]
}

/** Settings of a source as a configuration without more words has them. */
export function sourceSettings(
  name: string,
  plugin: string,
  config: Readonly<Record<string, unknown>>,
  more: Partial<SourceSettings> = {},
): SourceSettings {
  const breaker = { failures: 5, restMs: 10_000 }
  return {
    name,
    plugin,
    config,
    atOnce: 4,
    answerWithinMs: 1_500,
    cache: undefined,
    breaker,
    ifUnavailable: [],
    ...more,
  }
}

/** Sets up sources; `files` stand in their configuration folder, by name. */
export async function sourceStage(options: {
  readonly pool: Pool
  readonly clock: Clock
  readonly sources: readonly SourceSettings[]
  readonly files?: Readonly<Record<string, string>>
}): Promise<SourceStage> {
  const { pool, clock, sources, files = {} } = options
  const folder = await mkdtemp(join(tmpdir(), 'flowgate-sources-'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const kept = keptLog()
  const configuration: Configuration = {
    flows: new Map(),
    destinations: new Map(),
    sources: new Map(sources.map((source) => [source.name, source])),
    alertsTo: undefined,
    advice: [],
  }
  const registry = createRegistry({
    configuration: () => configuration,
    configurationFolder: folder,
    allowHosts: [{ kind: 'range', address: '127.0.0.1', bits: 32 }],
    log: kept.log,
    clock,
  })
  const asker = createAsker({
    registry,
    configuration: () => configuration,
    pool,
    clock,
    log: kept.log,
    onAsked: () => {},
  })
  return {
    asker,
    lines: () => kept.lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    async [Symbol.asyncDispose]() {
      await asker.close()
      await registry.close()
      await rm(folder, { recursive: true })
    },
  }
}
