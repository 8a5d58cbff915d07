import type { Path } from '../config/issue.ts'
import { DIRECTIVES, type RawCondition } from '../config/schema/value.ts'
import type { Json } from '../plugin/json.ts'
import { compileByLanguage } from './by-language.ts'
import { compileChoose } from './choose.ts'
import { compileCondition } from './condition.ts'
import { constant, type DirectivePlace, fault, type RawMembers, under } from './directive-place.ts'
import { compileEach } from './each.ts'
import { compileExpression } from './expression.ts'
import { didYouMean } from './nearest.ts'
import { compilePath } from './path.ts'
import type { CompiledValue, Scope } from './scope.ts'
import { compileTemplate } from './template.ts'
import { isBlank } from './text.ts'

type Origin = (raw: RawMembers, place: DirectivePlace) => CompiledValue

const ORIGINS: Readonly<Record<(typeof DIRECTIVES)[number], Origin>> = {
  from: (raw, place) => firstOf([raw['from']], [under(place, 'from')], place),
  first_of: compileFirstOf,
  template: compileText,
  value: (raw) => constant(raw['value'] as Json),
  expr: (raw, place) => compileExpression(raw['expr'], place.report, under(place, 'expr'), place.roots),
  each: compileEach,
  choose: compileChoose,
  by_language: compileByLanguage,
  that: compileThat,
  image: compileImage,
}

/** Where a directive's value comes from: the first of its keys that says so. */
export function compileOrigin(raw: RawMembers, place: DirectivePlace): CompiledValue {
  for (const key of Object.keys(raw)) {
    const name = DIRECTIVES.find((directive) => directive === key)
    if (name !== undefined) return ORIGINS[name](raw, place)
  }
  return constant(undefined)
}

function compileFirstOf(raw: RawMembers, place: DirectivePlace): CompiledValue {
  const path = under(place, 'first_of')
  const names = Array.isArray(raw['first_of']) ? raw['first_of'] : []
  if (names.length === 0) fault(place, 'first_of', '`first_of` holds a list of paths')
  return firstOf(
    names,
    names.map((_, index) => [...path, index]),
    place,
  )
}

/** The first that is present and not blank; the last blank one where all are, so that `on_fail` and `default` see it. */
function firstOf(names: readonly unknown[], places: readonly Path[], { report, roots }: DirectivePlace): CompiledValue {
  const paths = names
    .map((name, index) => compilePath(name, report, places[index] ?? [], roots))
    .filter((path) => path !== undefined)
  const read = (scope: Scope): Json | undefined => {
    const values = paths.map((path) => path.read(scope))
    return values.find((value) => !isBlank(value)) ?? values.findLast((value) => value !== undefined)
  }
  return { paths: paths.map((path) => path.text), evaluate: (scope) => Promise.resolve(read(scope)) }
}

function compileText(raw: RawMembers, place: DirectivePlace): CompiledValue {
  const text = raw['template']
  const { report, roots } = place
  if (typeof text === 'string') return compileTemplate(text, report, under(place, 'template'), { roots })
  fault(place, 'template', '`template` is text')
  return constant(undefined)
}

function compileThat(raw: RawMembers, place: DirectivePlace): CompiledValue {
  const { report, roots } = place
  const { paths, test } = compileCondition(raw['that'] as RawCondition, report, under(place, 'that'), { roots })
  return { paths, evaluate: (scope) => Promise.resolve(test(scope)) }
}

/** Longer ones are no names of files but, most likely, the image itself. */
const LONGEST_FILE_NAME = 255

function compileImage(raw: RawMembers, place: DirectivePlace): CompiledValue {
  const name = raw['image']
  const refuse = (message: string): CompiledValue => {
    fault(place, 'image', message)
    return constant(undefined)
  }
  const { images } = place
  if (images === undefined) return refuse('`image` is known only in the screens of a flow, whose folder holds `images`')
  if (typeof name !== 'string' || name.length > LONGEST_FILE_NAME) {
    return refuse(
      '`image` is the name of a file in `images`: write `value:` before an object that is meant as it stands',
    )
  }
  const found = images.get(name)
  if (found !== undefined) return constant(found)
  const known = [...images.keys()]
  const hint = didYouMean(name.replace(/^(?:\.\/)?images\//u, ''), known)
  const others =
    known.length === 0 ? ': the flow has no folder `images`, or none in it' : `: there are ${known.join(', ')}`
  return refuse(`there is no image \`${name}\` in the folder \`images\`${hint || others}`)
}
