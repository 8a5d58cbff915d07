import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A vendor that notes when each request was sent, by the clock that all processes of this machine share, and does nothing
 * else. When it came says less: a busy machine serves at once what was sent one after the other.
 */
export interface MeteredVendor extends AsyncDisposable {
  readonly url: string
  /** The path of each request, in the order they came. */
  readonly paths: readonly string[]
  /** The most requests that any span of one second saw. */
  mostInASecond(): number
}

export async function meteredVendor(): Promise<MeteredVendor> {
  const moments: number[] = []
  const paths: string[] = []
  const server = createServer((request, response) => {
    moments.push(Number(request.headers['x-sent-at']))
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
      const sent = moments.toSorted((one, other) => one - other)
      for (const [index, moment] of sent.entries()) {
        while (moment - (sent[first] ?? 0) >= 1_000) first += 1
        most = Math.max(most, index - first + 1)
      }
      return most
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
