import assert from 'node:assert/strict'
import type { PluginContext, PluginDefinition, SettingFaults } from '../definition.ts'
import type { Json, JsonObject } from '../json.ts'
import type { ConformanceCheck } from './check.ts'
import type { LentParts } from './stage.ts'
import { lent } from './trial.ts'

const secretName = /(^|_)(token|secret|password|passphrase|private_key|api_key)$/

/** What the definition says of itself, before anything is configured. */
export const manifestCheck: ConformanceCheck = {
  name: 'the manifest is complete',
  run: async ({ plugin, stage }) => assertManifest(plugin, stage, ['crm', 'notification']),
}

/** What every kind of plugin says of itself. */
type Manifest<Config> = Pick<PluginDefinition, 'apiVersion' | 'name' | 'title' | 'configSchema' | 'failureCodes'> & {
  readonly kind: string
  faults?(config: Config, context: Pick<PluginContext, 'readFile'>): SettingFaults
}

/** Fails where the definition of a plugin of one of these kinds lacks something that operators or the gateway read. */
export async function assertManifest<Config>(
  plugin: Manifest<Config>,
  stage: { readonly config: Config; readonly secrets: readonly string[]; readonly context?: LentParts },
  kinds: readonly string[],
): Promise<void> {
  const { configSchema: schema } = plugin
  assert.equal(plugin.apiVersion, 1, 'apiVersion is not 1. Set it to the version of the contract you wrote for.')
  assert.ok(kinds.includes(plugin.kind), `kind is "${plugin.kind}". Set it to ${kinds.join(' or ')}.`)
  assert.match(plugin.name, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'name is not kebab-case. Use a-z, 0-9 and single hyphens.')
  assert.ok(plugin.title.trim(), 'title is blank. Set it to what operators call the vendor.')
  assert.equal(schema['type'], 'object', 'configSchema is not of type object. Describe the settings as one object.')
  const closed = schema['additionalProperties'] === false
  assert.ok(
    closed,
    'configSchema takes unknown keys. Set additionalProperties: false, so that a typing error is found.',
  )
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  for (const [key, property] of Object.entries(properties)) {
    const described =
      isObject(property) && typeof property['description'] === 'string' && property['description'] !== ''
    assert.ok(described, `configSchema.${key} has no description. Say in one sentence what an operator puts there.`)
    const value = Object.entries(stage.config ?? {}).find(([name]) => name === key)?.[1]
    if (secretName.test(key) || (typeof value === 'string' && stage.secrets.includes(value))) {
      assert.equal(property['writeOnly'], true, `configSchema.${key} is a secret. Mark it writeOnly: true.`)
    }
  }
  for (const [code, { meaning, cure }] of Object.entries(plugin.failureCodes ?? {})) {
    const explained = [meaning, cure].every((text) => typeof text === 'string' && text.trim() !== '')
    assert.ok(explained, `failureCodes.${code} lacks its meaning or its cure. Write one sentence of each.`)
  }
  const faults = ((await plugin.faults?.(stage.config, lent(stage.context).context)) ?? []).map(
    ({ message }) => message,
  )
  assert.deepEqual(
    faults,
    [],
    "faults finds a fault in the stage's settings, which work. Tell only what can never work.",
  )
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  for (const key of [...required, ...Object.keys(stage.config ?? {})]) {
    assert.ok(Object.hasOwn(properties, key), `configSchema.properties lacks "${key}". Describe every setting there.`)
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
