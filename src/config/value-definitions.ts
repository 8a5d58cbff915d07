import type { Json, JsonObject } from '../plugin/json.ts'
import { MODIFIERS } from '../value/directive-place.ts'
import { ITEM_ROOTS, type Root } from '../value/scope.ts'
import { TRANSFORMS } from '../value/transforms/table.ts'
import type { OptionSchema, Transform } from '../value/transforms/transform.ts'
import { DIRECTIVES, LANGUAGE_PATTERN, WRITE_POLICIES } from './schema/value.ts'

/**
 * The whole value language as JSON Schema definitions, for editors: what may stand where a `value` or `condition` does.
 * Where `records` is a root there are no screens, so no `image`, and records have fields that are written.
 */
export function valueDefinitions(roots: readonly Root[]): JsonObject {
  const names = DIRECTIVES.filter((name) => name !== 'image' || !roots.includes('records'))
  const all = [...roots, ...ITEM_ROOTS]
  const then = { $ref: '#/$defs/directive' }
  return {
    value: {
      description: `A literal, or an object with one of ${names.map((name) => `\`${name}\``).join(', ')}.`,
      if: { type: 'object', anyOf: names.map(isDirective) },
      then,
      else: { $ref: '#/$defs/literal' },
    },
    literal: {
      type: ['string', 'number', 'boolean', 'null', 'array', 'object'],
      items: { $ref: '#/$defs/value' },
      additionalProperties: { $ref: '#/$defs/value' },
    },
    directive: directive(names, roots.includes('records')),
    step: { description: 'A transform: its name, or its name with options.', anyOf: [stepNames(), stepsWithOptions()] },
    path: {
      type: 'string',
      description: `A path such as \`form.email\`. It begins with ${roots.join(', ')}; inside \`each\` also with ${ITEM_ROOTS.join(', ')}.`,
      pattern: `^(${all.join('|')})(\\..+)?$`,
      examples: roots.map((root) => `${root}.`),
    },
    condition: condition(),
    comparison: comparison(),
  }
}

/** Items of lists on screens have a member `image` of their own: alone, and as text, it is a directive. */
function isDirective(name: string): JsonObject {
  if (name !== 'image') return { required: [name] }
  return {
    required: [name],
    properties: { image: { type: 'string' } },
    propertyNames: { enum: [name, ...MODIFIERS] },
  }
}

function directive(names: readonly string[], written: boolean): JsonObject {
  const origins = Object.entries(origin()).filter(([name]) => names.includes(name))
  return {
    type: 'object',
    oneOf: names.map((name) => ({ required: [name] })),
    properties: {
      ...Object.fromEntries(origins),
      where: { $ref: '#/$defs/condition', description: 'Beside `each`: which items. They are at `item`.' },
      as: {
        $ref: '#/$defs/value',
        description: 'Beside `each`: what becomes of an item, which is at `item`, counted at `position`.',
      },
      apply: { type: 'array', items: { $ref: '#/$defs/step' }, description: 'Transforms, one after the other.' },
      lookup: { type: 'object', description: 'A table: what comes in → what goes out.' },
      pick: pick(),
      default: { description: 'A constant for where the value is absent, blank, or not in the `lookup`.' },
      when: { $ref: '#/$defs/condition', description: 'The value is absent where this does not hold.' },
      ...(written ? writing() : {}),
      on_fail: {
        enum: ['fail', 'leave_out', 'keep'],
        default: 'fail',
        description: 'Where a value cannot be worked out: fail, leave it out, or keep what came.',
      },
    },
    dependentRequired: { where: ['each'], as: ['each'], ...(written ? { order: ['write'] } : {}) },
    additionalProperties: false,
  }
}

/** Where a value comes from. */
function origin(): JsonObject {
  return {
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
    each: {
      $ref: '#/$defs/path',
      description:
        'A list made of the list at this path: of the items `where` keeps, what `as` says. 1000 items at most.',
    },
    choose: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: {
          when: { $ref: '#/$defs/condition', description: 'Left out: it always applies, so it stands last.' },
          value: { $ref: '#/$defs/value' },
        },
        required: ['value'],
        additionalProperties: false,
      },
      description: 'The value of the first whose `when` holds.',
    },
    by_language: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: LANGUAGE_PATTERN },
      additionalProperties: { $ref: '#/$defs/value' },
      description: 'A value for each language: that of `session.language`, else the nearest one, else the first.',
    },
    that: { $ref: '#/$defs/condition', description: 'Whether this holds: true or false.' },
    image: { type: 'string', description: "The base64 text of this file in the folder `images` of the flow's folder." },
  }
}

/** Only in fields of records; their compiler says so elsewhere. */
function writing(): JsonObject {
  return {
    write: {
      enum: [...WRITE_POLICIES],
      default: 'overwrite',
      description:
        'How the field is written where something may stand in it: always, only where it is empty, only when the record is created, as a dated line below, only forward in its order, or never.',
    },
    clear: {
      type: 'boolean',
      default: false,
      description: 'A blank value empties the field. Without it a blank value never does.',
    },
    order: {
      type: 'array',
      items: { type: ['string', 'number'] },
      minItems: 2,
      uniqueItems: true,
      description: 'For `forward_only`: the values, lowest first, where the plugin does not know them.',
    },
  }
}

function pick(): JsonObject {
  const member = { type: 'string', minLength: 1 } as const
  return {
    type: 'object',
    properties: {
      in: {
        anyOf: [{ $ref: '#/$defs/path' }, { type: 'array', items: { type: 'object' } }],
        description: 'The list: a path to it, or the list itself.',
      },
      by: { ...member, default: 'id', description: 'The member of an item that is the value, as text.' },
      take: { ...member, default: 'title', description: 'The member of the item that comes in its place.' },
    },
    required: ['in'],
    additionalProperties: false,
    description: 'Puts in place of the value what the item of a list holds. Absent where no item is found.',
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

function optionSchema({ type, description, pattern, minimum, maximum }: OptionSchema): JsonObject {
  return {
    type,
    description,
    ...(pattern === undefined ? {} : { pattern }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
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
  in: {
    anyOf: [
      { type: 'array' },
      {
        type: 'object',
        properties: {
          from: { $ref: '#/$defs/path' },
          by: { type: 'string', minLength: 1, description: 'The member of each item that is compared.' },
        },
        required: ['from'],
        additionalProperties: false,
      },
    ],
    description: 'One of these: a list, or `{ from: path }` to one, with `by` where its items are objects.',
  },
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
