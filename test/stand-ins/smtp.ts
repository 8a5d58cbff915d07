import { once } from 'node:events'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'
import { eventually } from '../support/eventually.ts'

/** A mail that the server has taken. */
export interface TakenMail {
  readonly from: string
  readonly to: readonly string[]
  /** The whole message as it was received. */
  readonly raw: string
  /** Whether it came over an encrypted connection, and who had signed in. */
  readonly secure: boolean
  readonly username: string | undefined
}

/** A command of the dialogue at which the server can be told to misbehave. */
export type Step = 'connect' | 'mail' | 'rcpt' | 'data'

/**
 * Trouble: a reply of the server's instead of its yes; `hang` takes the message and never answers; `lose` takes and keeps it,
 * then breaks the connection; `drop` breaks it before anything is taken.
 */
export type SmtpTrouble =
  | { readonly reply: string; readonly when?: (text: string) => boolean }
  | 'hang'
  | 'lose'
  | 'drop'

/** A running mail server. */
export interface SmtpStandIn extends AsyncDisposable {
  readonly port: number
  readonly mails: readonly TakenMail[]
  /** Envelopes begun: what arrived of MAIL FROM. */
  envelopes(): number
  /** Connections accepted so far, and those open now. */
  connections(): { readonly made: number; readonly open: number }
  /** Messages received whole whose sender waits for the answer. */
  owed(): number
  /** Whether a client left in the middle of sending, or while it was owed an answer to its message. */
  left(): boolean
  /** Makes trouble at a step from now on, `times` times or for ever. */
  misbehave(step: Step, trouble: SmtpTrouble, times?: number): void
  behave(): void
  /** Closes every connection, as a server does that has waited long enough. */
  hangUp(): void
}

/** How a mail server is started. */
export interface SmtpStandInOptions {
  /** Passwords by user name; without any nobody need sign in. */
  readonly users?: Readonly<Record<string, string>>
  /** Certificate and key, PEM. With them STARTTLS is offered, or with `secure` TLS from the start. */
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly secure?: boolean
  /** Bytes of the largest message it takes. */
  readonly size?: number
}

interface Standing {
  readonly step: Step
  readonly trouble: SmtpTrouble
  left: number
}

/** Starts a mail server on 127.0.0.1: smtp-server, with trouble of our choice. */
export async function startSmtp(options: SmtpStandInOptions = {}): Promise<SmtpStandIn> {
  const mails: TakenMail[] = []
  const standing: Standing[] = []
  const sending = new Set<string>()
  const owed = new Set<string>()
  const counts = { envelopes: 0, made: 0, leavers: 0 }
  const trouble = (step: Step, text: string): SmtpTrouble | undefined => {
    const found = standing.find((one) => one.step === step && one.left > 0 && strikes(one.trouble, text))
    if (found) found.left -= 1
    return found?.trouble
  }
  const server = new SMTPServer({
    ...serverOptions(options),
    onConnect(session, done) {
      counts.made += 1
      answer(trouble('connect', ''), session, done)
    },
    onAuth({ username = '', password }, _session, done) {
      const right = password !== undefined && options.users?.[username] === password
      if (right) done(null, { user: username })
      else done(replyError('535 5.7.8 Error: authentication failed for Ana Souza Lima'))
    },
    onMailFrom({ address }, session, done) {
      counts.envelopes += 1
      sending.add(session.id)
      answer(trouble('mail', address), session, done)
    },
    onRcptTo: ({ address }, session, done) => answer(trouble('rcpt', address), session, done),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('latin1')
        const struck = trouble('data', raw)
        const fits = !stream.sizeExceeded
        if (fits && (struck === undefined || struck === 'lose')) mails.push(taken(session, raw))
        if (struck === 'hang') owed.add(session.id)
        else sending.delete(session.id)
        answer(struck, session, done)
      })
    },
    onClose(session) {
      owed.delete(session.id)
      if (sending.delete(session.id)) counts.leavers += 1
    },
  })
  // A client that breaks off is no trouble of the server's.
  server.on('error', () => undefined)
  const answer = (struck: SmtpTrouble | undefined, session: SMTPServerSession, done: (error?: Error) => void) => {
    if (struck === undefined) done()
    else if (typeof struck === 'object') {
      sending.delete(session.id)
      done(replyError(struck.reply))
    } else if (struck !== 'hang') breakOff(server, session)
  }
  const listening = server.listen(0, '127.0.0.1')
  if (!listening.listening) await once(listening, 'listening')
  const address = listening.address()
  if (address === null || typeof address === 'string') throw new Error('The mail server has no TCP address.')
  return {
    port: address.port,
    mails,
    envelopes: () => counts.envelopes,
    connections: () => ({ made: counts.made, open: server.connections.size }),
    owed: () => owed.size,
    left: () => counts.leavers > 0,
    misbehave: (step, struck, times = Number.POSITIVE_INFINITY) =>
      void standing.unshift({ step, trouble: struck, left: times }),
    behave: () => void standing.splice(0),
    hangUp: () => {
      for (const connection of server.connections) connection.close()
    },
    async [Symbol.asyncDispose]() {
      for (const connection of server.connections) connection.close()
      const { promise, resolve } = Promise.withResolvers<void>()
      server.close(() => resolve())
      await promise
    },
  }
}

/** Resolves once the condition holds of a mail server, which tells nobody when something happens. */
export async function untilSmtp(condition: () => boolean): Promise<void> {
  await eventually(condition)
}

function serverOptions({ users, tls, secure = false, size }: SmtpStandInOptions): SMTPServerOptions {
  const disabled = [...(users ? [] : ['AUTH']), ...(tls && !secure ? [] : ['STARTTLS'])]
  return {
    ...tls,
    secure,
    ...(size === undefined ? {} : { size, rejectOversized: true }),
    disabledCommands: disabled,
    authOptional: users === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 100,
  }
}

function strikes(trouble: SmtpTrouble, text: string): boolean {
  return typeof trouble !== 'object' || (trouble.when?.(text) ?? true)
}

function taken(session: SMTPServerSession, raw: string): TakenMail {
  const { mailFrom, rcptTo } = session.envelope
  return {
    from: mailFrom ? mailFrom.address : '',
    to: rcptTo.map(({ address }) => address),
    raw,
    secure: session.secure,
    username: typeof session.user === 'string' ? session.user : undefined,
  }
}

function breakOff(server: SMTPServer, session: SMTPServerSession): void {
  for (const connection of server.connections) {
    if (connection.id === session.id) connection.close()
  }
}

/** An error that makes the server answer this code and these words. */
function replyError(reply: string): Error {
  const [, code = '', text = ''] = /^(\d{3}) (.*)$/s.exec(reply) ?? []
  return Object.assign(new Error(text), { responseCode: Number(code) })
}
