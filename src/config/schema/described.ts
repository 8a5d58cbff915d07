import Type from 'typebox'
import type { RawCondition, RawValue } from './value.ts'

/** A condition in a file's schema that says what it decides there. */
export function DescribedCondition(description: string, example: RawCondition) {
  return Type.Unsafe<RawCondition>({ $ref: '#/$defs/condition', description, examples: [example] })
}

/** A value in a file's schema that says what it is for. */
export function DescribedValue(description: string, example: RawValue) {
  return Type.Unsafe<RawValue>({ $ref: '#/$defs/value', description, examples: [example] })
}
