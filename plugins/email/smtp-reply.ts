/** A server's answer to a command, as nodemailer keeps it. */
export interface SmtpReply {
  readonly status: number
  /** The enhanced code of RFC 3463, for example `4.7.1`. */
  readonly enhanced: string | undefined
  /** The server's words. They can quote addresses and content: never show them. */
  readonly text: string
}

/** The reply that an error of nodemailer carries; `undefined` where no server said anything. */
export function replyOf(error: object): SmtpReply | undefined {
  const status = 'responseCode' in error ? error.responseCode : undefined
  if (typeof status !== 'number') return undefined
  const text = 'response' in error && typeof error.response === 'string' ? error.response : ''
  return { status, enhanced: /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1], text }
}

/** How operators can look it up: `450 4.7.1`. */
export function replyWords({ status, enhanced }: SmtpReply): string {
  return enhanced === undefined ? `${status}` : `${status} ${enhanced}`
}

/** Greylisting, pace and congestion, by enhanced code (RFC 3463: 4.2.1, 4.3.2, 4.4.5, 4.7.x) or by the usual words. */
const limiting = /^4\.(?:2\.1|3\.2|4\.5|7\.\d+)$/
const limitingWords = /gr[ae]y-?list|rate limit|too many|throttl|try again in \d/i

/**
 * What an account may send in a day is used up, which some providers say as if for ever: Gmail by 5.4.5, Exchange Online by
 * 5.1.90 or in words (https://support.google.com/a/answer/3726730, https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online).
 */
const usedUp = /^5\.(?:4\.5|1\.90)$/
const usedUpWords = /SubmissionQuotaExceeded|(?:daily|hourly|sending|submission) (?:\w+ ){0,2}(?:limit|quota)/i

/** How long to wait when a server limits us and does not say how long. */
const defaultWaitSeconds = 60
const usedUpSeconds = 3_600
const longestWaitSeconds = 24 * 3_600

/** Seconds to wait, where a server refuses for now because of too much or too soon; `undefined` for other refusals. */
export function waitSeconds({ status, enhanced, text }: SmtpReply): number | undefined {
  if (status >= 500) return usedUp.test(enhanced ?? '') || usedUpWords.test(text) ? usedUpSeconds : undefined
  if (status < 400) return undefined
  if (!limiting.test(enhanced ?? '') && !limitingWords.test(text)) return undefined
  const said = /\b(?:in|for|after)\s+(\d{1,5})\s*(s|m)(?:ec|in)?(?:ond|ute)?s?\b/i.exec(text)
  const asked = said === null ? 0 : Number(said[1]) * (said[2]?.toLowerCase() === 'm' ? 60 : 1)
  return asked > 0 ? Math.min(asked, longestWaitSeconds) : defaultWaitSeconds
}
