/** The contract between the gateway and its plugins, published as `flowgate/plugin`. It imports nothing of the gateway. */
export type { CrmField, CrmObject, CrmOption } from './crm-object.ts'
export type {
  Ability,
  AccessTokenRequest,
  AccountBudgets,
  BudgetLimit,
  Crm,
  Deliverer,
  Instances,
  Kind,
  LookUp,
  Notifier,
  ObjectUse,
  ObtainedToken,
  PersonAddress,
  PluginContext,
  PluginDefinition,
  PluginLog,
  Preparation,
  Query,
  SettingFault,
  SettingFaults,
  Source,
} from './definition.ts'
export { definePlugin } from './definition.ts'
export type {
  AttachedFile,
  Call,
  CrmRecord,
  Health,
  Message,
  Owner,
  Receipt,
  Recipient,
  RecordLink,
} from './delivery.ts'
export type { Explanation, Explanations } from './explanation.ts'
export { type Failure, FailureError } from './failure.ts'
export type { Json, JsonObject, JsonSchema } from './json.ts'
export { oneLine, shorten } from './shorten.ts'
