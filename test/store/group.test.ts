import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { togetherElseAlone } from '../../src/store/group.ts'

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
