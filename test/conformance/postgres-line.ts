import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A line to a database server that passes everything on until it is told to break. It knows what is written alike in all protocols. */
export interface PostgresLine {
  /** The address of the database, by way of this line. */
  readonly url: string
  /** How many connections have come in. */
  connections(): number
  /** Breaks every connection, and each new one as soon as it comes. */
  cut(): void
  /** Passes the next `commit` on and breaks the connection before its reply gets through. */
  loseCommit(): void
  /** How many statements that write have come in; one that is prepared before already is not seen again in MySQL's protocol. */
  writes(): number
  /** Breaks each connection as soon as a statement that writes comes in, which is not passed on. */
  cutWrites(): void
  /** From now on statements that write come in and are neither passed on nor answered. */
  hangWrites(): void
  /** How many connections the client gave up while such a statement hung. */
  givenUp(): number
  close(): Promise<void>
}

const WRITE = /\b(insert into|update) ["`]/

/** Opens a line on 127.0.0.1 to the server of this address. */
export async function postgresLine(databaseUrl: string): Promise<PostgresLine> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let connections = 0
  let isCut = false
  let losing = false
  let writes = 0
  let onWrite: 'pass' | 'cut' | 'hang' = 'pass'
  let givenUp = 0

  const server = createServer((client) => {
    connections += 1
    if (isCut) {
      client.destroy()
      return
    }
    const upstream = connect(Number(target.port), target.hostname)
    let committed = false
    let hanging = false
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
    client.on('close', () => {
      if (hanging) givenUp += 1
    })
    client.on('data', (bytes) => {
      if (WRITE.test(bytes.toString('latin1'))) {
        writes += 1
        if (onWrite === 'cut') client.destroy()
        if (onWrite === 'hang') hanging = true
      }
      if (hanging || client.destroyed) return
      if (losing && /\bcommit\b/i.test(bytes.toString('latin1'))) {
        losing = false
        committed = true
      }
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (committed) client.destroy()
      else client.write(bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The line has no TCP address.')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String(address.port)

  const cut = () => {
    isCut = true
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: url.href,
    connections: () => connections,
    cut,
    writes: () => writes,
    cutWrites() {
      onWrite = 'cut'
    },
    hangWrites() {
      onWrite = 'hang'
    },
    givenUp: () => givenUp,
    loseCommit() {
      losing = true
    },
    async close() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
