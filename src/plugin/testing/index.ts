/** What plugin authors test with, published as `flowgate/plugin/testing`: stand-ins for vendors and the conformance checks. */
export type { ConformanceCheck } from './check.ts'
export { conformanceChecks } from './checks.ts'
export { type ConformanceOptions, checksFor, conformance, runCheck } from './conformance.ts'
export type { ActiveFault, Fault, Misbehaviour } from './fault.ts'
export type { StandInAnswer, StandInHandler, StandInRequest } from './request.ts'
export { sourceConformanceChecks } from './source-checks.ts'
export { runSourceCheck, type SourceConformanceOptions, sourceConformance } from './source-conformance.ts'
export {
  type AnsweredQuestion,
  type AskedPlugin,
  type HttpSourceTroubleOptions,
  httpSourceTrouble,
  type SourcePart,
  type SourceStage,
  type SourceTrouble,
  type StageQuestion,
  type StageReservations,
} from './source-stage.ts'
export type { SourceConformanceCheck } from './source-trial.ts'
export {
  type DeliveringPlugin,
  type HttpTroubleOptions,
  httpTrouble,
  type LentParts,
  type Stage,
  type StagePart,
  type StageRecords,
  type Trouble,
} from './stage.ts'
export { type StandIn, type StandInOptions, startStandIn } from './stand-in.ts'
export { tokensInMemory } from './tokens-in-memory.ts'
