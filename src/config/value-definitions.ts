import type { Json, JsonObject } from '../plugin/json.ts'
import type { Root } from '../value/scope.ts'
import { TRANSFORMS } from '../value/transforms/table.ts'
import type { OptionSchema, Transform } from '../value/transforms/transform.ts'
import { DIRECTIVES } from './schema/value.ts'

/** The whole value language as JSON Schema definitions, for editors: what may stand where a `value` or `condition` does. */
export function valueDefinitions(roots: readonly Root[]): JsonObject {
  const then = { $ref: '#/$defs/directive' }
  return {
    value: {
      description: 'A literal, or an object with one of `from`, `first_of`, `template`, `value`, `expr`.',
      if: { type: 'object', anyOf: DIRECTIVES.map((key) => ({ required: [key] })) },
      then,
      else: { $ref: '#/$defs/literal' },
    },
    literal: {
      type: ['string', 'number', 'boolean', 'null', 'array', 'object'],
      items: { $ref: '#/$defs/value' },
      additionalProperties: { $ref: '#/$defs/value' },
    },
    directive: directive(),
    step: { description: 'A transform: its name, or its name with options.', anyOf: [stepNames(), stepsWithOptions()] },
    path: {
      type: 'string',
      description: `A path such as \`form.email\`. It begins with ${roots.join(', ')}.`,
      pattern: `^(${roots.join('|')})(\\..+)?$`,
      examples: roots.map((root) => `${root}.`),
    },
    condition: condition(),
    comparison: comparison(),
  }
}

function directive(): JsonObject {
  return {
    type: 'object',
    oneOf: DIRECTIVES.map((key) => ({ required: [key] })),
    properties: {
      from: { $ref: '#/$defs/path', description: 'What stands at this path. Absent where it leads nowhere.' },
      first_of: {
        type: 'array',
        items: { $ref: '#/$defs/path' },
        minItems: 1,
        description: 'The first of these paths that holds something.',
      },
      template: { type: 'string', description: 'Text with `{path}` places. Absent where all of them lead nowhere.' },
      value: { description: 'A constant, also one that would otherwise be read as a directive.' },
      expr: {
        type: 'string',
        maxLength: 1000,
        description: 'A guarded JSONata expression, for what nothing else can say.',
      },
      apply: { type: 'array', items: { $ref: '#/$defs/step' }, description: 'Transforms, one after the other.' },
      lookup: { type: 'object', description: 'A table: what comes in → what goes out.' },
      default: { description: 'A constant for where the value is absent, blank, or not in the `lookup`.' },
      when: { $ref: '#/$defs/condition', description: 'The value is absent where this does not hold.' },
      write: { enum: ['overwrite'], description: "How a record's field is written. Only in fields of records." },
      on_fail: {
        enum: ['fail', 'leave_out', 'keep'],
        default: 'fail',
        description: 'Where a transform refuses the value: fail the delivery, leave the field out, or keep what came.',
      },
    },
    additionalProperties: false,
  }
}

function stepNames(): JsonObject {
  const names = [...TRANSFORMS.values()].filter(
    ({ options }) => !Object.values(options).some(({ required }) => required),
  )
  return { oneOf: names.map(({ name, doc }) => ({ const: name, description: doc })) }
}

function stepsWithOptions(): JsonObject {
  const transforms = [...TRANSFORMS.values()].filter(({ options }) => Object.keys(options).length > 0)
  return {
    type: 'object',
    minProperties: 1,
    maxProperties: 1,
    properties: Object.fromEntries(transforms.map((transform) => [transform.name, optionsOf(transform)])),
    additionalProperties: false,
  }
}

function optionsOf({ doc, options, main }: Transform): JsonObject {
  const required = Object.keys(options).filter((name) => options[name]?.required === true)
  const whole: JsonObject = {
    type: 'object',
    properties: Object.fromEntries(Object.entries(options).map(([name, option]) => [name, optionSchema(option)])),
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
  }
  const alone = main === undefined ? undefined : options[main]
  return { description: doc, anyOf: alone === undefined ? [whole] : [optionSchema(alone), whole] }
}

function optionSchema({ type, description, pattern, minimum }: OptionSchema): JsonObject {
  return {
    type,
    description,
    ...(pattern === undefined ? {} : { pattern }),
    ...(minimum === undefined ? {} : { minimum }),
  }
}

function condition(): JsonObject {
  const list: Json = { type: 'array', items: { $ref: '#/$defs/condition' }, minItems: 1 }
  return {
    type: 'object',
    minProperties: 1,
    description: 'Path → a literal or a comparison; all of them must hold. `all`, `any` and `not` combine conditions.',
    properties: {
      all: { ...list, description: 'Every one of these holds.' },
      any: { ...list, description: 'At least one of these holds.' },
      not: { $ref: '#/$defs/condition', description: 'This does not hold.' },
    },
    additionalProperties: { $ref: '#/$defs/comparison' },
  }
}

const COMPARISONS: JsonObject = {
  in: { type: 'array', description: 'One of these.' },
  exists: { type: 'boolean', description: 'Whether there is anything at all.' },
  matches: { type: 'string', description: 'A regular expression (RE2) that is found in the text.' },
  contains: { description: 'A list has this item, or a text has this text in it.' },
  gt: { description: 'Greater than.' },
  gte: { description: 'Greater than or equal to.' },
  lt: { description: 'Less than.' },
  lte: { description: 'Less than or equal to.' },
}

function comparison(): JsonObject {
  return {
    description: 'A literal the value must equal, or an object of comparisons that must all hold.',
    anyOf: [
      { type: ['string', 'number', 'boolean', 'null'] },
      {
        type: 'object',
        minProperties: 1,
        properties: {
          from: { $ref: '#/$defs/path', description: 'Equal to what stands at this path.' },
          ...COMPARISONS,
        },
        additionalProperties: false,
      },
    ],
  }
}
