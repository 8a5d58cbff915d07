import type { Configuration, FlowVersion } from '../config/configuration.ts'
import type { SubmissionContent } from '../store/deliveries.ts'

/** The version of a flow that a submission came with, as it is configured now; the newest one where that version is gone. */
export function versionOf(
  { flows }: Pick<Configuration, 'flows'>,
  { flow, version }: Pick<SubmissionContent, 'flow' | 'version'>,
): FlowVersion | undefined {
  const configured = flows.get(flow)
  return configured?.versions.get(version) ?? configured
}
