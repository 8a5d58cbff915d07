import type { Json } from 'flowgate/plugin'

/** Finds a part of a reply; `undefined` where the path leads nowhere. */
export type JsonPath = (reply: Json) => Json | undefined

const PATH = /^[^.[\]]+(?:\.[^.[\]]+|\[\d+\])*$|^(?:\[\d+\])(?:\.[^.[\]]+|\[\d+\])*$/u

/** Reads `data.slots`, `items[0].id` or, the same, `items.0.id`. Throws a sentence where the text is no path. */
export function readJsonPath(text: string): JsonPath {
  if (!PATH.test(text))
    throw new Error(`\`${text}\` leads nowhere: write names joined by dots, such as data.slots or items[0]`)
  const steps = text.match(/[^.[\]]+/gu) ?? []
  return (reply) => steps.reduce<Json | undefined>(step, reply)
}

function step(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  if (Array.isArray(value)) return /^\d+$/u.test(name) ? value[Number(name)] : undefined
  return Reflect.get(value, name)
}
