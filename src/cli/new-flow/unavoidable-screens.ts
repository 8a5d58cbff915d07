import type { RuleFile } from '../../config/schema/flow.ts'
import type { Outline } from './outline.ts'

/** The screens without which nobody, wherever they began, could come to a rule that submits the form. */
export function unavoidableScreens(
  outline: Outline,
  rules: ReadonlyMap<string, readonly RuleFile[]>,
  starts: readonly string[],
): ReadonlySet<string> {
  return new Set([...outline.screens.keys()].filter((id) => !isSubmittedWithout(id, outline, rules, starts)))
}

function isSubmittedWithout(
  left: string,
  { screens }: Outline,
  rules: ReadonlyMap<string, readonly RuleFile[]>,
  starts: readonly string[],
): boolean {
  const seen = new Set([left])
  const open = [...starts]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    const own = rules.get(id) ?? []
    if (own.some(({ submit }) => submit === true)) return true
    open.push(...own.flatMap(({ show }) => show ?? []), ...(screens.get(id)?.ways.map(({ to }) => to) ?? []))
  }
  return false
}
