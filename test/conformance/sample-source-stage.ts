import { httpSourceTrouble, type SourceStage, type StandInHandler, startStandIn } from 'flowgate/plugin/testing'
import type { SampleSourceConfig } from './sample-source-plugin.ts'

const token = 'sample-right-4711'
const refused = 'sample-wrong-0815'

const MEMBER = 'GET /members/:number'
const HOLD = 'PUT /slots/:slot'

type SampleSourceStage = SourceStage<SampleSourceConfig> & { readonly refusedConfig: SampleSourceConfig }

/** A fresh sample vendor: knows ten members, lets each slot be held once, and refuses other tokens. */
export async function sampleSourceStage(): Promise<SampleSourceStage> {
  const members = Array.from({ length: 10 }, (_, index) => ({ number: `M-${index}`, name: `Member ${index}` }))
  const holds = new Map<string, string>()
  const allowed =
    (handler: StandInHandler): StandInHandler =>
    (request) =>
      request.headers.authorization === `Bearer ${token}` ? handler(request) : { status: 401 }
  const standIn = await startStandIn({
    routes: {
      'GET /me': allowed(() => ({ status: 200, body: {} })),
      [MEMBER]: allowed(({ parameters }) => {
        const member = members.find(({ number }) => number === parameters['number'])
        return member === undefined ? { status: 404, body: {} } : { status: 200, body: member }
      }),
      'GET /slots/:slot': allowed(({ parameters: { slot = '' } }) => {
        return { status: 200, body: { free: !holds.has(slot) } }
      }),
      // `force` overwrites a hold; without a key a release is everybody's: what a careless vendor offers.
      [HOLD]: allowed(({ parameters: { slot = '' }, query }) => {
        const key = query.get('key') ?? ''
        const holder = holds.get(slot)
        if (holder !== undefined && holder !== key && !query.has('force')) return { status: 409, body: {} }
        const again = holder === key
        holds.set(slot, key)
        return { status: again ? 200 : 201, body: { slot } }
      }),
      'DELETE /slots/:slot': allowed(({ parameters: { slot = '' }, query }) => {
        const key = query.get('key')
        if (!holds.has(slot) || (key !== null && holds.get(slot) !== key)) return { status: 404, body: {} }
        holds.delete(slot)
        return { status: 200, body: {} }
      }),
    },
  })
  return {
    config: { url: standIn.url, token },
    refusedConfig: { url: standIn.url, token: refused },
    secrets: [token, refused, 'M-0', 'M-1', 'M-2'],
    known: (index) => ({
      query: 'member',
      parameters: { number: `M-${index}` },
      answer: members.filter(({ number }) => number === `M-${index}`),
    }),
    nothing: { query: 'member', parameters: { number: 'M-10' } },
    trouble: httpSourceTrouble(standIn, { questions: [MEMBER] }),
    reservations: {
      reserve: 'hold',
      release: 'free',
      parameters: (index) => ({ slot: `slot-${index}` }),
      held: (index) => (holds.has(`slot-${index}`) ? 1 : 0),
      loseReply: () => void standIn.misbehave({ route: HOLD, times: 1, fault: { kind: 'lose-after' } }),
    },
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}
