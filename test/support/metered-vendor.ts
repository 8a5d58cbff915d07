import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

const LOOK_EVERY_MS = 5

/**
 * A vendor that notes when each request came, and does nothing else. A busy machine keeps it from looking, and then it sees
 * at once what came one after the other; or it holds up what was sent long ago. So the moment it looked before is noted as
 * well, and the one at which it was sent where the request says so in `sent-at`: on a machine at leisure it would have come
 * somewhere in between.
 */
export interface MeteredVendor extends AsyncDisposable {
  readonly url: string
  /** The path of each request, in the order they came. */
  readonly paths: readonly string[]
  /** The most requests that certainly came within one second. */
  mostInASecond(): number
}

export async function meteredVendor(): Promise<MeteredVendor> {
  const moments: { readonly after: number; readonly before: number }[] = []
  const paths: string[] = []
  // Each turn of the loop takes whatever has come; two looks ago it had certainly taken everything of before.
  let looked = performance.now()
  let lookedBefore = looked
  const looking = setInterval(() => {
    lookedBefore = looked
    looked = performance.now()
  }, LOOK_EVERY_MS)
  const server = createServer((request, response) => {
    const now = performance.now()
    moments.push({ after: Math.min(lookedBefore, now - onItsWayMs(request)), before: now })
    paths.push(request.url ?? '')
    request.resume()
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    paths,
    mostInASecond() {
      const within = (from: number) =>
        moments.filter(({ after, before }) => after >= from && before < from + 1_000).length
      return moments.reduce((most, { after }) => Math.max(most, within(after)), 0)
    },
    async [Symbol.asyncDispose]() {
      clearInterval(looking)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** 0 where it does not say when it was sent. Processes of one machine have this clock in common. */
function onItsWayMs({ headers }: IncomingMessage): number {
  const sentAt = headers['sent-at']
  return typeof sentAt === 'string' ? Number(process.hrtime.bigint() - BigInt(sentAt)) / 1e6 : 0
}
