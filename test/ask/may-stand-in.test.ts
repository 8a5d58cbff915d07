import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayStandIn } from '../../src/ask/may-stand-in.ts'
import type { Ask } from '../../src/flow/model.ts'

const ask = (source: string, ...ifUnavailable: Ask['ifUnavailable']): Ask => {
  return { name: 'slots', source, query: 'slots', with: new Map(), take: 'all', ifUnavailable }
}

/** One flow with two versions; only the older one asks. */
const asking = (one: Ask) => {
  const newest = { flow: { asks: new Map<string, Ask>() } }
  const older = { flow: { asks: new Map([[one.name, one]]) } }
  return {
    flows: new Map([
      [
        'booking',
        {
          versions: new Map([
            ['2', newest],
            ['1', older],
          ]),
        },
      ],
    ]),
  }
}

const calendar = { name: 'calendar', ifUnavailable: [] }

test('Old answers are kept where the source lets them stand in, or an ask of any version that is alive', () => {
  assert.equal(mayStandIn({ flows: new Map() }, calendar), false)
  assert.equal(
    mayStandIn({ flows: new Map() }, { name: 'calendar', ifUnavailable: ['accept_and_flag', 'stale'] }),
    true,
  )
  assert.equal(mayStandIn(asking(ask('calendar', { kind: 'stale' })), calendar), true)
  assert.equal(mayStandIn(asking(ask('calendar', { kind: 'accept_and_flag' })), calendar), false)
  assert.equal(mayStandIn(asking(ask('members', { kind: 'stale' })), calendar), false)
})
