/** Of Node and of the network: there is no way to the server, or nobody answers there. */
const NO_WAY = new Set(['ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'EACCES'])

/** What node-postgres says, without a code, where a connection does not come about. */
const NO_CONNECTION = /timeout exceeded when trying to connect|connection terminated|does not support SSL|self-signed/i

/**
 * What an error in connecting to the PostgreSQL at `url` means and what to do, by the codes of PostgreSQL and of the
 * network; holds no password. `undefined` where the error is of another kind.
 */
export function connectionTrouble(error: unknown, url: string): string | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? String(error.code) : ''
  const { hostname, port, username, pathname } = new URL(url)
  const place = `${hostname}:${port === '' ? '5432' : port}`
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens at ${place}. Start PostgreSQL, or correct host and port.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host ${hostname} is not known here. Correct its name.`
    case '28P01':
    case '28000':
      return `the server does not let "${decodeURIComponent(username)}" in with this password. Correct user or password.`
    case '3D000':
      return `there is no database "${decodeURIComponent(pathname.slice(1))}". Create it, or correct the name.`
    default:
      if (!NO_WAY.has(code) && !NO_CONNECTION.test(error.message)) return undefined
      return `no connection to ${place} (${code || error.message}). Check network and TLS.`
  }
}
