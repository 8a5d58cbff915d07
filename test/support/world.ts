import type { Asking, Question, Reply, Reservation, Reserved } from '../../src/flow/asking.ts'
import type { World } from '../../src/flow/inquiry.ts'

/** A world in which no source can answer. */
export const QUIET: World = worldOf({})

/** A world whose sources answer as a test says. `asked` and `reserved` hold what they were asked, in order. */
export function worldOf(given: {
  readonly answer?: (question: Question) => Reply | Promise<Reply>
  readonly reserve?: (reservation: Reservation) => Reserved
  readonly now?: Date
  readonly raced?: boolean
  readonly alsoValidIn?: World['alsoValidIn']
}): World & { readonly asked: Question[]; readonly reserved: Reservation[] } {
  const asked: Question[] = []
  const reserved: Reservation[] = []
  const asking: Asking = {
    ask: async (question) => {
      asked.push(question)
      return (await given.answer?.(question)) ?? { kind: 'unavailable', fallback: undefined }
    },
    reserve: async (reservation) => {
      reserved.push(reservation)
      return given.reserve?.(reservation) ?? { kind: 'unavailable', fallback: undefined }
    },
  }
  return {
    asking,
    now: given.now ?? new Date('2026-03-02T09:00:00Z'),
    raced: given.raced ?? false,
    alsoValidIn: given.alsoValidIn ?? [],
    asked,
    reserved,
  }
}
