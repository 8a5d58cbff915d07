import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { Group, togetherElseAlone } from '../../src/store/group.ts'

const databaseError = (code: string) => Object.assign(new pg.DatabaseError('no', 0, 'error'), { code })
const refusal = databaseError('22021')

test('where the database refuses several together, each is tried alone and only the bad one fails', async () => {
  const work = async (members: readonly number[]) => {
    if (members.includes(2)) throw refusal
    return members
  }
  assert.deepEqual(await togetherElseAlone([1, 2, 3], work), [
    { status: 'fulfilled', value: 1 },
    { status: 'rejected', reason: refusal },
    { status: 'fulfilled', value: 3 },
  ])
})

test('where the database does not answer, nobody waits for it once for each of the others', async () => {
  for (const away of [new Error('timeout exceeded when trying to connect'), databaseError('57014')]) {
    let tries = 0
    const work = (): Promise<readonly number[]> => {
      tries += 1
      return Promise.reject(away)
    }
    const settled = await togetherElseAlone([1, 2, 3, 4], work)
    assert.deepEqual(
      settled,
      [1, 2, 3, 4].map(() => ({ status: 'rejected', reason: away })),
    )
    assert.equal(tries, 2)
  }
})

test('where the connection broke but the database is back, every member is tried alone', async () => {
  let tries = 0
  const work = async (members: readonly number[]) => {
    tries += 1
    if (tries === 1) throw new Error('Connection terminated unexpectedly')
    return members
  }
  const settled = await togetherElseAlone([1, 2], work)
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['fulfilled', 'fulfilled'],
  )
})

test('what arrives while a run is under way goes together with the next, in order', async () => {
  const runs: (readonly number[])[] = []
  const first = Promise.withResolvers<void>()
  const group = new Group<number, number>({
    atMost: 3,
    async run(members) {
      runs.push(members)
      if (runs.length === 1) await first.promise
      return members.map((member) => member * 10)
    },
  })
  const joined = [1, 2, 3, 4, 5].map((member) => group.join(member))
  first.resolve()
  assert.deepEqual(await Promise.all(joined), [10, 20, 30, 40, 50])
  assert.deepEqual(runs, [[1], [2, 3, 4], [5]])
})

test('a run that fails fails its own members, and the next goes on', async () => {
  let runs = 0
  const group = new Group<string, string>({
    atMost: 1,
    async run(members) {
      runs += 1
      if (runs === 1) throw refusal
      return runs === 2 ? [] : members
    },
  })
  const settled = await Promise.allSettled([group.join('a'), group.join('b'), group.join('c')])
  assert.deepEqual(
    settled.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.message)),
    ['no', 'the group gave no result for a member', 'c'],
  )
})

test('when thousands wait the next is told at once', async () => {
  const free = Promise.withResolvers<void>()
  const group = new Group<number, number>({
    atMost: 64,
    async run(members) {
      await free.promise
      return members
    },
  })
  const waiting = Array.from({ length: 4_097 }, (_, index) => group.join(index))
  await assert.rejects(group.join(0), /too far behind/u)
  free.resolve()
  assert.equal((await Promise.all(waiting)).length, 4_097)
})
