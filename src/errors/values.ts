import type { Explanations } from '../plugin/explanation.ts'

/** The value language: what `flowgate check` finds, and what only a person's answers bring to light. */
export const VALUES: Explanations = {
  FG_CONFIG_VALUE: {
    meaning: 'A value is not one of the forms that the value language knows.',
    cure: 'Write a literal, or an object with one of the keys that docs/reference/values.md shows.',
  },
  FG_CONFIG_LITERAL: {
    meaning: 'Advice: a text looks like a reference, but is sent as it stands.',
    cure: 'Write `{ from: … }` or `{ template: "…" }` if the answer is meant.',
  },
  FG_CONFIG_PATH: {
    meaning:
      'A path does not begin with a root that is known in this place, or is not written as names joined by dots.',
    cure: 'Begin it with one of the roots that the message names, such as `form.email`.',
  },
  FG_CONFIG_FIELD_UNKNOWN: {
    meaning: 'A path names a field that no screen has, so it would be absent for everyone.',
    cure: 'Correct the name, or add the field to its screen.',
  },
  FG_CONFIG_TEMPLATE: {
    meaning: 'A template has a brace without its counterpart.',
    cure: 'Write `{form.name}` for a place, and two braces for one that is meant as it stands.',
  },
  FG_CONFIG_CONDITION: {
    meaning: 'A condition is not written in a form that the value language knows.',
    cure: 'Write it as `{ form.size: { gte: 50 } }`, joined by `all`, `any` and `not`.',
  },
  FG_CONFIG_TRANSFORM: {
    meaning: 'A step of an `apply` is no transform, or its options are wrong.',
    cure: 'Choose from the transforms in docs/reference/values.md, which shows their options.',
  },
  FG_CONFIG_PATTERN: {
    meaning: 'A pattern is not one that the RE2 engine takes.',
    cure: 'Write it without look-around and back-references, and with smaller repetitions.',
  },
  FG_CONFIG_EXPRESSION: {
    meaning: 'An expression cannot be read, or uses something that expressions may not use.',
    cure: 'Correct it at the column that is named; docs/reference/values.md lists functions and limits.',
  },
  FG_CONFIG_DURATION: {
    meaning: 'A duration is not written as one.',
    cure: 'Write a whole number and a unit, such as `30s`, `5m`, `48h` or `7d`.',
  },
  FG_CONFIG_WRITE: {
    meaning:
      'What is said of how a field is written cannot be: the policy is none, or its `order` or `clear` does not fit.',
    cure: 'Correct it as the message says; docs/reference/writing-records.md shows every policy.',
  },
  FG_VALUE_TRANSFORM: {
    meaning: 'A transform cannot do its work on what a person answered.',
    cure: 'Check the field more strictly, choose another transform, or set `on_fail`.',
  },
  FG_VALUE_LOOKUP: {
    meaning: 'An answer is not in the table of a `lookup`, and there is no `default`.',
    cure: 'Add the answer to the table, or a `default`.',
  },
  FG_VALUE_LIST: {
    meaning:
      'Where `each` or `pick` needs a list there is something else, or a list of more than can be worked through.',
    cure: 'Check what stands at the path that is named, let the source answer fewer rows, or set `on_fail`.',
  },
  FG_VALUE_EXPRESSION: {
    meaning: 'An expression cannot be worked out for what a person answered, or goes beyond a limit.',
    cure: 'Correct the expression for such answers, or set `on_fail`.',
  },
}
