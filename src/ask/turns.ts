/** Gives a turn back. Harmless when called twice. */
export type EndTurn = () => void

/** How many may do something at the same time; the others wait in line. */
export interface Turns {
  /** A turn, or `undefined` where none came up in time or before `stopping`. */
  take(withinMs: number, stopping: AbortSignal): Promise<EndTurn | undefined>
}

/** So many turns at once, first come, first served. */
export function createTurns(atOnce: number): Turns {
  let free = atOnce
  const line = new Set<(turn: EndTurn) => void>()

  const begin = (): EndTurn => {
    let ended = false
    return () => {
      if (ended) return
      ended = true
      const [next] = line
      if (next === undefined) free += 1
      else next(begin())
    }
  }

  return {
    take(withinMs, stopping) {
      if (free > 0) {
        free -= 1
        return Promise.resolve(begin())
      }
      return new Promise((resolve) => {
        const leave = (turn?: EndTurn) => {
          line.delete(leave)
          clearTimeout(timer)
          stopping.removeEventListener('abort', giveUp)
          resolve(turn)
        }
        const giveUp = () => leave()
        const timer = setTimeout(giveUp, withinMs)
        stopping.addEventListener('abort', giveUp, { once: true })
        line.add(leave)
        if (stopping.aborted) giveUp()
      })
    },
  }
}
