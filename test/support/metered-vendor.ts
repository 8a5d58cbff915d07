import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const LOOK_EVERY_MS = 5

/**
 * A vendor that notes when each request came, and does nothing else. A busy machine keeps it from looking, and then it sees
 * at once what came one after the other: so it notes the moment it looked before as well, and a request came in between.
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
    moments.push({ after: lookedBefore, before: performance.now() })
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
      let most = 0
      let first = 0
      for (const [index, moment] of moments.entries()) {
        while (moment.before - (moments[first]?.after ?? 0) >= 1_000) first += 1
        most = Math.max(most, index - first + 1)
      }
      return most
    },
    async [Symbol.asyncDispose]() {
      clearInterval(looking)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
