import { didYouMean } from '../../value/nearest.ts'
import { asText } from '../../value/text.ts'
import type { Report } from '../issue.ts'
import { comparedWith } from './compared-with.ts'
import type { FlowParts, MappingParts } from './parts.ts'
import { placeOf } from './place-of.ts'
import { type Written, writtenInFlow, writtenInMapping } from './written.ts'

const VARIANT = 'session.variant'

/** Whatever looks at `session.variant` must name a variant that the flow has. */
export function checkVariants(parts: FlowParts, mapping: MappingParts | undefined): void {
  const names = parts.flow.variants.map(({ name }) => name)
  for (const written of writtenInFlow(parts)) check(written, names, parts.report)
  if (mapping !== undefined) for (const written of writtenInMapping(mapping)) check(written, names, mapping.report)
}

function check({ paths, raw, at }: Written, names: readonly string[], report: Report): void {
  if (!paths.includes(VARIANT)) return
  const code = 'FG_CONFIG_VARIANT_UNKNOWN'
  if (names.length === 0) {
    const message = `\`${VARIANT}\` is always absent: the flow has no \`variants\``
    report({ severity: 'error', code, message, ...placeOf(VARIANT, raw, at) })
    return
  }
  for (const { literal, at: path } of comparedWith(VARIANT, raw, at)) {
    const name = asText(literal)
    if (names.includes(name)) continue
    const message = `the flow has no variant \`${name}\`${didYouMean(name, names) || `: there is ${names.join(', ')}`}`
    report({ severity: 'error', path, code, message })
  }
}
