import type { Call, Health } from 'flowgate/plugin'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { EmailConfig } from './config.ts'
import { connectionOptions } from './connection.ts'
import { failureOf } from './failure.ts'

/** Connects and signs in, and sends nothing. Throws what is no error of nodemailer. */
export async function health(config: EmailConfig, { signal }: Call): Promise<Health> {
  const { auth, ...options } = connectionOptions(config)
  const connection = new SMTPConnection(options)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const abandon = () => reject(Object.assign(new Error('aborted'), { code: 'EABORT' }))
  signal.addEventListener('abort', abandon)
  connection.on('error', reject)
  connection.once('end', () => reject(Object.assign(new Error('closed'), { code: 'ECONNECTION' })))
  try {
    if (signal.aborted) abandon()
    connection.connect((error) => {
      if (error) return reject(error)
      if (auth === undefined) return resolve()
      connection.login(auth, (refused) => (refused ? reject(refused) : resolve()))
    })
    await promise
    return { ok: true, account: `${config.username ?? 'no sign-in'} at ${config.host}` }
  } catch (error) {
    return { ok: false, failure: failureOf(error, { begun: false }) }
  } finally {
    signal.removeEventListener('abort', abandon)
    connection.close()
  }
}
