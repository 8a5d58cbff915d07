import type { Json } from '../plugin/json.ts'
import { fitsInSize } from './answer.ts'
import { emptyValue } from './empty-value.ts'
import type { Flow } from './model.ts'
import type { ScreenAnswer } from './session.ts'
import { tidyAnswer } from './tidy-answer.ts'

/**
 * An answer that can be shown, made of one that may break the Flow JSON: lists are cut to what their components show, keys
 * that do not fit hold nothing, and so does the largest until the rest may be sent. Words beside the data stay.
 */
export function mended(flow: Flow, meant: ScreenAnswer): ScreenAnswer {
  const { screen, data } = tidyAnswer(flow, meant).answer
  const declared = flow.flowJson.screens.get(screen)
  if (declared === undefined) return meant
  const types = declared.dataTypes
  const whole: Record<string, Json> = { ...data }
  for (const { path } of declared.check(data)) {
    const [key = ''] = path.split('.')
    if (types.has(key)) whole[key] = emptyValue(types.get(key))
    else delete whole[key]
  }
  const bySize = [...types.keys()].sort((one, other) => sizeOf(whole[other]) - sizeOf(whole[one]))
  for (const key of bySize) {
    if (fitsInSize({ screen, data: whole })) break
    whole[key] = emptyValue(types.get(key))
  }
  return { screen, data: whole }
}

function sizeOf(value: Json | undefined): number {
  return JSON.stringify(value ?? null).length
}
