import type { Path } from '../config/issue.ts'
import { DIRECTIVES, type RawCondition } from '../config/schema/value.ts'
import { compileCondition } from './condition.ts'
import { constant, type DirectivePlace, fault, type RawMembers, under } from './directive-place.ts'
import { didYouMean } from './nearest.ts'
import type { CompiledCondition, CompiledValue } from './scope.ts'

interface Choice {
  readonly when: CompiledCondition | undefined
  readonly value: CompiledValue
}

const KEYS = ['when', 'value'] as const
const FORM = '`{ when: { form.size: { gte: 50 } }, value: large }`'

/** `choose: [{ when, value }, …, { value }]`: the value of the first whose condition holds. Absent where none does. */
export function compileChoose(raw: RawMembers, place: DirectivePlace): CompiledValue {
  const list = raw['choose']
  if (!Array.isArray(list) || list.length === 0) {
    fault(place, 'choose', `\`choose\` holds a list of choices such as ${FORM}`)
    return constant(undefined)
  }
  const choices = list.flatMap((one: unknown, index) => compileChoice(one, [...under(place, 'choose'), index], place))
  checkReachable(list, place)
  return {
    paths: [...new Set(choices.flatMap(({ when, value }) => [...(when?.paths ?? []), ...value.paths]))],
    evaluate: async (scope) =>
      choices.find(({ when }) => when === undefined || when.test(scope))?.value.evaluate(scope),
  }
}

function compileChoice(raw: unknown, path: Path, place: DirectivePlace): readonly Choice[] {
  const refuse = (at: Path, message: string, atKey = false) =>
    place.report({ severity: 'error', path: at, code: 'FG_CONFIG_VALUE', message, atKey })
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    refuse(path, `a choice is an object such as ${FORM}`)
    return []
  }
  for (const key of Object.keys(raw)) {
    if (KEYS.some((known) => known === key)) continue
    const directive = DIRECTIVES.some((known) => known === key)
    const hint = directive ? `: write \`value: { ${key}: … }\`` : didYouMean(key, KEYS)
    refuse([...path, key], `unknown key \`${key}\` in a choice${hint || ': it has `when` and `value`'}`, true)
  }
  const condition: unknown = Reflect.get(raw, 'when')
  const when =
    'when' in raw
      ? compileCondition(condition as RawCondition, place.report, [...path, 'when'], { roots: place.roots })
      : undefined
  if ('value' in raw) return [{ when, value: place.inner(raw.value, [...path, 'value']) }]
  if (Object.keys(raw).every((key) => key === 'when')) refuse(path, 'a choice needs `value`: what it gives')
  return []
}

function checkReachable(list: readonly unknown[], { report, path }: DirectivePlace): void {
  const last = list.findIndex((one) => typeof one === 'object' && one !== null && !('when' in one))
  if (last === -1 || last === list.length - 1) return
  const message = `this choice is never reached: choice ${last + 1} before it has no \`when\`, so it always applies`
  report({ severity: 'error', path: [...path, 'choose', last + 1], code: 'FG_CONFIG_VALUE', message })
}
