/** The contract between the gateway and its plugins, published as `flowgate/plugin`. It imports nothing of the gateway. */
export type {
  Crm,
  Deliverer,
  Instances,
  Kind,
  LookUp,
  Notifier,
  PluginContext,
  PluginDefinition,
  PluginLog,
  Preparation,
  Query,
  Source,
} from './definition.ts'
export { definePlugin } from './definition.ts'
export type { Call, CrmRecord, Health, Message, Receipt, RecordLink } from './delivery.ts'
export type { Explanation, Explanations } from './explanation.ts'
export { type Failure, FailureError } from './failure.ts'
export type { Json, JsonObject, JsonSchema } from './json.ts'
