import type { Flow } from '../../flow/model.ts'
import type { Mapping } from '../../map/model.ts'
import type { Report } from '../issue.ts'
import type { FlowFile } from '../schema/flow.ts'
import type { MappingFile } from '../schema/mapping.ts'

/** A flow whose files each fit their own rules, ready to be compared. `flow.flowJson` is its Flow JSON. */
export interface FlowParts {
  readonly file: FlowFile
  readonly flow: Flow
  /** Places findings in `flow.yaml`. */
  readonly report: Report
  /** Places findings in `flow.json`. */
  readonly reportFlowJson: Report
}

/** A mapping that fits its own rules. */
export interface MappingParts {
  readonly file: MappingFile
  readonly mapping: Mapping
  /** Places findings in `mapping.yaml`. */
  readonly report: Report
}
