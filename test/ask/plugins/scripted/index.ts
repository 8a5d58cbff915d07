import { definePlugin } from 'flowgate/plugin'
import type { ScriptedSource } from '../../scripted-source.ts'

/** A source whose answers are an object in the test's own process. */
export default definePlugin<'source', { readonly source: ScriptedSource }>({
  apiVersion: 1,
  kind: 'source',
  name: 'scripted',
  title: 'Test source',
  configSchema: { type: 'object' },
  configure: ({ source }) => source,
  classify: (error) =>
    error instanceof RangeError ? { kind: 'retryable', code: 'RANGE', message: 'Out of range.' } : undefined,
})
