import type { Json, JsonObject } from '../plugin/json.ts'
import { FLOW_ROOTS, MAPPING_ROOTS } from '../value/options.ts'
import type { Root } from '../value/scope.ts'
import { DestinationsFileSchema } from './schema/destinations.ts'
import { FlowFileSchema } from './schema/flow.ts'
import { MappingFileSchema } from './schema/mapping.ts'
import { SettingsFileSchema } from './schema/settings.ts'
import { TestsFileSchema } from './schema/tests.ts'
import { valueDefinitions } from './value-definitions.ts'

/**
 * The JSON Schema (draft 2020-12) of every configuration file, by the name it has in `config/schema/`. The same schemas
 * check the files when they are loaded, except that editors get the value language spelled out.
 */
export function editorSchemas(): ReadonlyMap<string, JsonObject> {
  return new Map([
    ['flowgate.json', editorSchema(SettingsFileSchema)],
    ['destinations.json', editorSchema(DestinationsFileSchema)],
    ['flow.json', editorSchema(FlowFileSchema, FLOW_ROOTS)],
    ['mapping.json', editorSchema(MappingFileSchema, MAPPING_ROOTS)],
    ['tests.json', editorSchema(TestsFileSchema)],
  ])
}

function editorSchema(schema: object, roots?: readonly Root[]): JsonObject {
  const plain = JSON.parse(JSON.stringify(schema)) as Record<string, Json>
  const definitions: JsonObject = roots === undefined ? {} : { $defs: valueDefinitions(roots) }
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...plain, ...definitions }
}
