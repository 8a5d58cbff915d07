import Type, { type Static } from 'typebox'
import type { JsonObject } from '../../plugin/json.ts'

const closed = { additionalProperties: false } as const
const Plain = Type.Unsafe<JsonObject>(Type.Object({}, { additionalProperties: true }))

export const StepSchema = Type.Object(
  { screen: Type.String(), fill: Type.Optional(Plain), then: Type.String() },
  closed,
)

export const TestSchema = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    person: Type.Optional(Plain),
    source: Type.Optional(Plain),
    prefill: Type.Optional(Plain),
    steps: Type.Array(StepSchema, { minItems: 1 }),
    expect: Type.Optional(Plain),
  },
  closed,
)

export const TestsFileSchema = Type.Object({ tests: Type.Array(TestSchema, { minItems: 1 }) }, closed)

export type TestsFile = Static<typeof TestsFileSchema>
export type FlowTest = Static<typeof TestSchema>
