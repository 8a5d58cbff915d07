/** What plugin authors test with, published as `flowgate/plugin/testing`: stand-ins for vendors and the conformance checks. */
export type { ConformanceCheck } from './check.ts'
export { conformanceChecks } from './checks.ts'
export { type ConformanceOptions, conformance, runCheck } from './conformance.ts'
export type { ActiveFault, Fault, Misbehaviour } from './fault.ts'
export type { StandInAnswer, StandInHandler, StandInRequest } from './request.ts'
export {
  type DeliveringPlugin,
  type HttpTroubleOptions,
  httpTrouble,
  type Stage,
  type Trouble,
} from './stage.ts'
export { type StandIn, type StandInOptions, startStandIn } from './stand-in.ts'
