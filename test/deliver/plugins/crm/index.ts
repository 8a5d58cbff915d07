import { definePlugin } from 'flowgate/plugin'
import type { ScriptedVendor } from '../../scripted-vendor.ts'

/** A CRM whose vendor is an object in the test's own process. */
export default definePlugin<'crm', { readonly vendor: ScriptedVendor }>({
  apiVersion: 1,
  kind: 'crm',
  name: 'crm',
  title: 'Test CRM',
  configSchema: { type: 'object' },
  configure: ({ vendor }) => vendor,
  classify: (error) =>
    error instanceof RangeError ? { kind: 'retryable', code: 'RANGE', message: 'Out of range.' } : undefined,
})
