import { type Failure, FailureError } from 'flowgate/plugin'
import { domainOf } from './address.ts'
import { replyOf, replyWords, type SmtpReply, waitSeconds } from './smtp-reply.ts'

/** How far a message had come when its sending failed. */
export interface Progress {
  /** The server had been given the beginning of the content: it may have taken all of it. */
  readonly begun: boolean
}

/** What an error of nodemailer means. Throws on what is none. Messages are our own words: servers quote addresses. */
export function failureOf(error: unknown, { begun }: Progress): Failure {
  if (error instanceof FailureError) return error.failure
  if (!(error instanceof Error) || !('code' in error) || !ours.has(String(error.code))) throw error
  const code = String(error.code)
  const reply = replyOf(error)
  const command = 'command' in error ? String(error.command) : ''
  if (begun && reply === undefined) return replyLost
  if (code === 'EAUTH' || code === 'ENOAUTH') return authentication(reply)
  if (code === 'ETLS' || code === 'EREQUIRETLS' || isCertificateFault(error)) return encryption(reply)
  if (reply !== undefined) return refusal(reply, command)
  if (code === 'EMESSAGE' || code === 'EENVELOPE') return record('FG_EMAIL_REFUSED', tooLarge)
  if (code === 'EABORT' || code === 'ETIMEDOUT') {
    return nothingSent('FG_EMAIL_TIMEOUT', 'The mail server did not answer in time. Nothing was sent.')
  }
  return nothingSent('FG_EMAIL_UNREACHABLE', `The mail server could not be reached (${systemCode(error) ?? code}).`)
}

/**
 * What it means that a server took the message for some and refused it for others. Nobody gets it twice for that. `errors`:
 * what was said of each of the refused.
 */
export function partlyRefused(refused: readonly string[], errors: readonly object[], all: number): Failure {
  const domains = [...new Set(refused.map(domainOf))].slice(0, 5).join(', ')
  const replies = errors.map(replyOf).filter((reply) => reply !== undefined)
  const said = [...new Set(replies.map(replyWords))].slice(0, 5).join(', ')
  const passes = replies.length > 0 && replies.every(({ status }) => status < 500)
  const cure = passes ? 'They were refused for now only: tell them by hand, or replay later.' : 'Correct the addresses.'
  const message = `The mail server refused ${refused.length} of ${all} recipients (at ${domains}${said === '' ? '' : `: ${said}`}); the others have the message. ${cure} A replay goes to all of them once more.`
  return record('FG_EMAIL_PARTLY_REFUSED', message)
}

/** The codes of nodemailer that sending and connecting can end with. */
const ours: ReadonlySet<string> = new Set([
  ...['EAUTH', 'ENOAUTH', 'ETLS', 'EREQUIRETLS', 'ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EDNS', 'EPROTOCOL'],
  ...['EENVELOPE', 'EMESSAGE', 'EABORT', 'ESTREAM'],
])

function authentication(reply: SmtpReply | undefined): Failure {
  if (reply !== undefined && reply.status < 500) return passing(reply)
  const message = `The mail server refuses username and password${as(reply)}. Correct them; some providers want a password made for apps.`
  return destination('FG_EMAIL_CREDENTIALS', message)
}

function encryption(reply: SmtpReply | undefined): Failure {
  if (reply !== undefined && reply.status < 500) return passing(reply)
  const message = `No trusted encrypted connection could be made${as(reply)}. Check host, port and security, the server's certificate, and ca.`
  return destination('FG_EMAIL_TLS', message)
}

function refusal(reply: SmtpReply, command: string): Failure {
  if (reply.status < 500 || reply.status === 503 || waitSeconds(reply) !== undefined) return passing(reply)
  if (reply.status === 530 || reply.status === 538) {
    return destination(
      'FG_EMAIL_CREDENTIALS',
      `The mail server wants a sign-in${as(reply)}: set username and password.`,
    )
  }
  if (command === 'RCPT TO') {
    return record(
      'FG_EMAIL_RECIPIENT_REFUSED',
      `The mail server refuses every recipient${as(reply)}. Correct the addresses.`,
    )
  }
  // 552 says that the message is too large, which it can do as soon as it hears of the size.
  if (command === 'DATA' || reply.status === 552) {
    return record('FG_EMAIL_REFUSED', `The mail server refuses the message${as(reply)}.`)
  }
  if (command === 'MAIL FROM') {
    return destination(
      'FG_EMAIL_SENDER_REFUSED',
      `The mail server does not let us send from this address${as(reply)}: check from.`,
    )
  }
  return destination('FG_EMAIL_SERVER_REFUSES', `The mail server turns us away${as(reply)}. Ask whoever runs it.`)
}

/** The server said no for now, so that it has not taken the message. */
function passing(reply: SmtpReply): Failure {
  const retryAfterSeconds = waitSeconds(reply)
  if (retryAfterSeconds === undefined) {
    return nothingSent('FG_EMAIL_BUSY', `The mail server cannot take the message now${as(reply)}.`)
  }
  const message = `The mail server limits the rate for ${retryAfterSeconds} s${as(reply)}.`
  return { kind: 'rate-limited', code: 'FG_EMAIL_RATE_LIMIT', message, retryAfterSeconds }
}

/** The content was on its way and no word came back. */
const replyLost: Failure = {
  kind: 'retryable',
  code: 'FG_EMAIL_REPLY_LOST',
  message: 'The connection broke after the message was handed over. Whether the server took it is not known.',
}

/** A try that certainly left nothing behind. */
function nothingSent(code: string, message: string): Failure {
  return { kind: 'retryable', code, message, nothingWritten: true }
}

const tooLarge = 'The mail server does not take a message of this size, or to this address.'

const as = (reply: SmtpReply | undefined) => (reply === undefined ? '' : ` (${replyWords(reply)})`)

/** Errors of Node's TLS about the server's certificate; nodemailer keeps their code beside its own. */
function isCertificateFault(error: Error): boolean {
  return /CERT|SELF_SIGNED|ERR_SSL|ERR_TLS|ISSUER/.test(systemCode(error) ?? '')
}

function systemCode(error: Error): string | undefined {
  const code = 'originalCode' in error ? error.originalCode : undefined
  return typeof code === 'string' && /^[A-Z0-9_]{3,60}$/.test(code) ? code : undefined
}

function destination(code: string, message: string): Failure {
  return { kind: 'permanent', scope: 'destination', code, message }
}

function record(code: string, message: string): Failure {
  return { kind: 'permanent', scope: 'record', code, message }
}
