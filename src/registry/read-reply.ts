import type { Response as UndiciResponse } from 'undici'
import { FailureError } from '../plugin/failure.ts'

/**
 * A reply with its body read, at most `limit` bytes of it after decompression: rejects with `FG_REPLY_TOO_LARGE` and closes
 * the socket where there are more. `method` says whether what was asked may have changed something all the same.
 */
export async function readReply(reply: UndiciResponse, method: string, limit: number): Promise<Response> {
  const { status, statusText, headers, url } = reply
  const body = await bodyOf(reply, limit, method)
  const read = new Response(body, { status, statusText, headers: [...headers] })
  // A response that is put together by hand has no address of its own.
  return Object.defineProperty(read, 'url', { value: url })
}

async function bodyOf(
  { body, url }: UndiciResponse,
  limit: number,
  method: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (body === null) return null
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop early cancels the body, and with it the connection.
  for await (const chunk of body) {
    chunks.push(chunk)
    bytes += chunk.byteLength
    if (bytes > limit) throw tooLarge(new URL(url).hostname, limit, method)
  }
  return bytes === 0 ? null : new Uint8Array(Buffer.concat(chunks))
}

function tooLarge(hostname: string, limit: number, method: string): FailureError {
  const code = 'FG_REPLY_TOO_LARGE'
  const message = `The reply of ${hostname} is longer than ${limit} bytes. Ask for less at once.`
  if (method === 'GET') return new FailureError({ kind: 'permanent', scope: 'record', code, message })
  // Whether it was done nobody knows, so this is not said to be a refusal.
  return new FailureError({ kind: 'retryable', code, message })
}
