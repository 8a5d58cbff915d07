import { definePlugin } from 'flowgate/plugin'
import type { ScriptedVendor } from '../../scripted-vendor.ts'

/** A channel whose vendor is an object in the test's own process. */
export default definePlugin<'notification', { readonly vendor: ScriptedVendor }>({
  apiVersion: 1,
  kind: 'notification',
  name: 'chat',
  title: 'Test chat',
  configSchema: { type: 'object' },
  configure: ({ vendor }) => vendor,
  classify: () => undefined,
})
