import pg from 'pg'

/** How a group works: at most `atMost` members a run. */
export interface GroupOptions<Member, Result> {
  readonly atMost: number
  /** Gives one result per member, in their order. Rejecting rejects every member of the run. */
  run(members: readonly Member[]): Promise<readonly Result[]>
}

/** More than this many waiting means that the database is seconds behind: the next are told so at once. */
const MOST_WAITING = 4_096

/**
 * Lets what arrives together share one statement or transaction. Nothing waits for company: a free group takes at once
 * all that is there, and what arrives meanwhile goes together with the next run. One run at a time: measured, that makes
 * more submissions a second than two or four side by side, which only share the same disk in smaller parts.
 */
export class Group<Member, Result> {
  readonly #options: GroupOptions<Member, Result>
  readonly #waiting: Waiting<Member, Result>[] = []
  #busy = false

  constructor(options: GroupOptions<Member, Result>) {
    this.#options = options
  }

  join(member: Member): Promise<Result> {
    if (this.#waiting.length >= MOST_WAITING) return Promise.reject(new Error('the database is too far behind'))
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#waiting.push({ member, resolve, reject })
    if (!this.#busy) void this.#work()
    return promise
  }

  async #work(): Promise<void> {
    this.#busy = true
    while (this.#waiting.length > 0) await this.#run(this.#waiting.splice(0, this.#options.atMost))
    this.#busy = false
  }

  async #run(members: readonly Waiting<Member, Result>[]): Promise<void> {
    try {
      const results = await this.#options.run(members.map(({ member }) => member))
      for (const [index, waiting] of members.entries()) {
        const result = results[index]
        if (result === undefined) waiting.reject(new Error('the group gave no result for a member'))
        else waiting.resolve(result)
      }
    } catch (error) {
      for (const { reject } of members) reject(error)
    }
  }
}

interface Waiting<Member, Result> {
  readonly member: Member
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Runs a group's work; where it fails for several together, tries each alone so that one bad member harms no other.
 * Where the database does not even serve one alone, it is nobody's fault and the others need not wait for it in turn.
 */
export async function togetherElseAlone<Member, Result>(
  members: readonly Member[],
  work: (members: readonly Member[]) => Promise<readonly Result[]>,
): Promise<readonly PromiseSettledResult<Result>[]> {
  const alone = async (member: Member): Promise<Result> => {
    const [result] = await work([member])
    if (result === undefined) throw new Error('the work gave no result for a member')
    return result
  }
  if (members.length > 1) {
    try {
      return (await work(members)).map((value) => ({ status: 'fulfilled', value }))
    } catch {
      // Which member is at fault is found out below; one at a time, so that they do not collide again.
    }
  }
  const settled: PromiseSettledResult<Result>[] = []
  for (const member of members) {
    const [one] = await Promise.allSettled([alone(member)])
    if (members.length > 1 && one.status === 'rejected' && !isItsOwn(one.reason)) {
      return [...settled, ...members.slice(settled.length).map(() => one)]
    }
    settled.push(one)
  }
  return settled
}

/** Classes of SQLSTATE that speak of what was written (data, constraint, collision, limit), not of the server's state. */
const ITS_OWN = /^(?:21|22|23|40|54)/

function isItsOwn(error: unknown): boolean {
  return error instanceof pg.DatabaseError && ITS_OWN.test(error.code ?? '')
}
