import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A vendor over HTTP for worker processes: it makes a record of every write, two for two writes under one key. */
export interface RemoteVendor extends AsyncDisposable {
  readonly url: string
  /** Every record made, by the key it was written under. */
  readonly records: readonly { readonly key: string; readonly attempt: number }[]
  readonly lookUps: readonly string[]
  /** From now on writes are made and not answered, until `answerAgain`. */
  loseReplies(): void
  answerAgain(): void
  /** Answers nobody until so many writes are under way at once, then everybody. */
  answerOnceThereAre(writes: number): void
  /** Writes now under way at most, ever. */
  readonly mostAtOnce: () => number
}

export async function remoteVendor(): Promise<RemoteVendor> {
  const records: { key: string; attempt: number }[] = []
  const lookUps: string[] = []
  const unanswered: ServerResponse[] = []
  let losing = false
  let writing = 0
  let most = 0
  let awaited = 0
  const held: ServerResponse[] = []
  const server = createServer(async (request, response) => {
    const key = decodeURIComponent((request.url ?? '').replace('/records/', ''))
    if (request.method === 'GET') {
      lookUps.push(key)
      const index = records.findIndex((record) => record.key === key)
      response.writeHead(index === -1 ? 404 : 200).end(String(index + 1))
      return
    }
    writing += 1
    most = Math.max(most, writing)
    response.on('close', () => {
      writing -= 1
    })
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { attempt } = JSON.parse(Buffer.concat(chunks).toString())
    records.push({ key, attempt })
    if (losing) unanswered.push(response)
    else held.push(response.setHeader('record', records.length))
    if (most < awaited) return
    for (const each of held.splice(0)) each.end(String(each.getHeader('record')))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    records,
    lookUps,
    loseReplies() {
      losing = true
    },
    answerAgain() {
      losing = false
    },
    answerOnceThereAre(writes) {
      awaited = writes
    },
    mostAtOnce: () => most,
    async [Symbol.asyncDispose]() {
      for (const response of unanswered) response.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
