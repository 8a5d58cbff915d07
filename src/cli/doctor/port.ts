import { once } from 'node:events'
import { createServer } from 'node:net'
import { type Examined, fine, wrong } from './finding.ts'

/** Whether the gateway could listen, or does already. */
export async function examinePort(host: string, port: number): Promise<Examined> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
    return fine('port', port === 0 ? 'a free one is picked at the start' : `${port} is free`)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    if (code === 'EADDRINUSE' && (await isGateway(port))) return fine('port', `a gateway is running on ${port}`)
    return wrong('port', 'FG_DOCTOR_PORT', `PORT ${port} on ${host} cannot be listened on: ${reasonFor(code)}`)
  } finally {
    server.close()
  }
}

function reasonFor(code: string): string {
  if (code === 'EADDRINUSE') return 'another program has it. Stop that program or choose another PORT.'
  if (code === 'EACCES') return 'this user may not. Choose a PORT above 1023.'
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'this machine has no such address. Set HOST to 0.0.0.0.'
  return `${code}.`
}

async function isGateway(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/livez`, { signal: AbortSignal.timeout(2_000) })
    return response.ok
  } catch {
    return false
  }
}
