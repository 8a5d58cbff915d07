import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/**
 * What happens to a connection on which a statement with a certain text has come in. `cut`: the statement is not passed on
 * and the connection ends. `lose-commit`: the commit after it is passed on and the connection ends before the reply.
 * `hold-commit`: the commit is passed on and the reply never comes.
 */
export type LineTrouble = 'cut' | 'lose-commit' | 'hold-commit'

/** Trouble in force. */
export interface ActiveLineTrouble {
  /** 1 once it has come. It comes once. */
  readonly struck: number
}

/** A line to a database server that passes everything on, but for what it was told to break. Both protocols say `commit` alike. */
export interface DatabaseLine extends AsyncDisposable {
  /** The address of the database, by way of this line. */
  readonly url: string
  /** Makes trouble for the next connection that this text comes in on. */
  misbehave(text: string, trouble: LineTrouble): ActiveLineTrouble
}

interface Standing {
  readonly text: string
  readonly trouble: LineTrouble
  met: boolean
  struck: number
}

const COMMIT = /\bcommit\b/iu

/** Opens a line on 127.0.0.1 to the server of this address. */
export async function databaseLine(databaseUrl: string): Promise<DatabaseLine> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  const standing: Standing[] = []
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    join(client, upstream, sockets)
    let met: Standing | undefined
    client.on('data', (bytes) => {
      const text = bytes.toString('latin1')
      met ??= standing.find((each) => !each.met && text.includes(each.text))
      if (met !== undefined) met.met = true
      if (met !== undefined && met.struck === 0 && (met.trouble === 'cut' || COMMIT.test(text))) met.struck = 1
      if (met?.trouble === 'cut') client.destroy()
      else upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (met?.struck !== 1) client.write(bytes)
      else if (met.trouble === 'lose-commit') client.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The line has no TCP address.')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String(address.port)
  return {
    url: url.href,
    misbehave(text, trouble) {
      const made: Standing = { text, trouble, met: false, struck: 0 }
      standing.push(made)
      return made
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The end of either is the end of both. */
function join(client: Socket, upstream: Socket, sockets: Set<Socket>): void {
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    sockets.add(socket)
    socket.on('error', () => other.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      other.destroy()
    })
  }
}
