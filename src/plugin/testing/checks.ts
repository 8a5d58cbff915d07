import type { ConformanceCheck } from './check.ts'
import { definitionCheck } from './definition-check.ts'
import { deliveryChecks } from './delivery-checks.ts'
import { failureChecks } from './failure-checks.ts'
import { lateChecks } from './late-checks.ts'
import { manifestCheck } from './manifest-check.ts'
import { recordChecks } from './record-checks.ts'
import { secretsCheck } from './secrets-check.ts'
import { tidinessChecks } from './tidiness-checks.ts'

/** Every check of the kit, in the order in which they are best repaired. */
export const conformanceChecks: readonly ConformanceCheck[] = [
  manifestCheck,
  definitionCheck,
  ...deliveryChecks,
  ...recordChecks,
  ...lateChecks,
  ...failureChecks,
  ...tidinessChecks,
  secretsCheck,
]
