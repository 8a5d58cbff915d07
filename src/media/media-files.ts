import type { AttachedFile } from '../plugin/delivery.ts'
import { FailureError } from '../plugin/failure.ts'
import type { Json } from '../plugin/json.ts'
import { type MediaAnswer, parseMediaAnswer } from './media-answer.ts'
import { keepsPromise, promisedMediaType } from './media-type.ts'
import { openMedia } from './open-media.ts'

/** WhatsApp takes files of up to 25 MiB; encrypted they are a little longer. */
export const LONGEST_FILE_BYTES = 25 * 1024 * 1024 + 64

export interface MediaSource {
  /** `fetch` behind the URL guard, taking replies of up to `LONGEST_FILE_BYTES`. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Whether files may lie at this host. */
  readonly isTrusted: (url: URL) => boolean
}

/** Where WhatsApp keeps files: the address comes with an authenticated request, and is still not believed. */
export function isWhatsappHost({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' && hostname.endsWith('.whatsapp.net')
}

/**
 * The files of media answers (each one file or a list of them), fetched only when a plugin reads them. Throws a FailureError
 * that concerns the record where an answer is no file.
 */
export function mediaFiles(answers: readonly Json[], source: MediaSource): readonly AttachedFile[] {
  return answers
    .flatMap((answer) => (Array.isArray(answer) ? answer : [answer]))
    .map((answer) => {
      const media = parseMediaAnswer(answer)
      if (media === undefined) {
        throw refused(
          'FG_MEDIA_ANSWER',
          '`files` holds an answer that is no photo or document of a picker. Correct the mapping, then replay.',
        )
      }
      const mediaType = promisedMediaType(media.fileName)
      return { name: media.fileName, mediaType, read: (signal) => read(media, mediaType, source, signal) }
    })
}

async function read(
  media: MediaAnswer,
  mediaType: string,
  { fetch, isTrusted }: MediaSource,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const url = URL.parse(media.cdnUrl)
  if (url === null || !isTrusted(url)) {
    throw refused('FG_MEDIA_HOST', 'A file is said to lie elsewhere than on WhatsApp’s servers, so it is not fetched.')
  }
  const file = await fetched(fetch, url, signal)
  const content = openMedia(file, media)
  if (content === undefined || !keepsPromise(mediaType, content)) {
    throw refused(
      'FG_MEDIA_CONTENT',
      'A file is not the one that the person chose, or not what its name says. It is not passed on.',
    )
  }
  return content
}

async function fetched(fetch: MediaSource['fetch'], url: URL, signal: AbortSignal): Promise<Uint8Array> {
  let reply: Response
  try {
    reply = await fetch(url.href, { signal })
  } catch (error) {
    if (error instanceof FailureError) throw error
    throw silent('no answer', error)
  }
  if (reply.status === 404 || reply.status === 410) {
    throw refused(
      'FG_MEDIA_GONE',
      'WhatsApp does not have a file any more: it keeps them for 20 days. Take `files` out of the mapping to deliver the rest, then replay.',
    )
  }
  if (!reply.ok) throw silent(`HTTP ${reply.status}`)
  return await reply.bytes()
}

function refused(code: string, message: string): FailureError {
  return new FailureError({ kind: 'permanent', scope: 'record', code, message })
}

function silent(what: string, cause?: unknown): FailureError {
  const message = `WhatsApp's file server does not answer well (${what}).`
  return new FailureError({ kind: 'retryable', code: 'FG_MEDIA_UNAVAILABLE', message }, { cause })
}
