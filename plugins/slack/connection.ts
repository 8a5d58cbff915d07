import { type LogLevel, WebClient, type WebClientOptions } from '@slack/web-api'
import { type Call, FailureError } from 'flowgate/plugin'
import { defaultApiUrl, type SlackConfig } from './config.ts'
import { hugeReply, rateLimitWithoutTime, redirected, unreadableReply } from './failure.ts'

/** Bytes of the longest answer taken: 200 messages of a channel are far below. */
const longestReply = 16 * 1024 * 1024

type Logger = NonNullable<WebClientOptions['logger']>

/** The SDK logs request bodies and errors: answers of people would end up in the process's log. */
const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => 'error' as LogLevel,
}

/**
 * A client for one call: its requests end when the call's signal aborts, sockets included. It makes each request once
 * (the SDK's own ten retries would post again after a lost reply) and never waits out a rate limit itself.
 */
export function slackClient(config: SlackConfig, signal: Call['signal']): WebClient {
  return new WebClient(config.bot_token, {
    slackApiUrl: `${(config.api_url ?? defaultApiUrl).replace(/\/+$/, '')}/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: silentLogger,
    fetch: async (url, init) => {
      const response = await fetch(url, { ...init, redirect: 'manual', signal })
      if (response.status >= 300 && response.status < 400) {
        await response.body?.cancel()
        throw new FailureError(redirected(response.status))
      }
      // The SDK makes an anonymous error of a 429 whose Retry-After is missing or a date.
      if (response.status === 429 && !/^\d+$/.test(response.headers.get('retry-after') ?? '')) {
        await response.body?.cancel()
        throw new FailureError(rateLimitWithoutTime)
      }
      return await whole(response)
    },
  })
}

/** An answer with its body read, decompressed: the SDK itself would take as much as there is. */
async function whole({ status, statusText, headers, body }: Response): Promise<Response> {
  if (body === null) return new Response(null, { status, statusText, headers })
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength
      // Leaving the loop early closes the connection.
      if (bytes > longestReply) throw new FailureError(hugeReply)
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof FailureError ? error : new FailureError(unreadableReply, { cause: error })
  }
  return new Response(bytes === 0 ? null : Buffer.concat(chunks), { status, statusText, headers })
}

/**
 * Runs one request of the SDK. The SDK leaves a connection that breaks in the middle of an answer as the bare error of
 * `fetch`, which nobody could tell from a foreign one: it is named here.
 */
export async function ask<Answer>(request: Promise<Answer>): Promise<Answer> {
  try {
    return await request
  } catch (error) {
    const ofSdk = error instanceof Error && 'code' in error && String(error.code).startsWith('slack_webapi_')
    throw ofSdk ? error : new FailureError(unreadableReply, { cause: error })
  }
}
