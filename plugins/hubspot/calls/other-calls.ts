import type { OtherCalls } from './api.ts'
import type { Send } from './connection.ts'
import { type Patience, UnansweredError } from './exchange.ts'
import { ACCOUNT_PATH, FILES_PATH } from './paths.ts'

/** A photo over a slow line; the deadline of the delivery counts besides. */
const UPLOAD_WITHIN_MS = 60_000

/** The calls that the SDK has not, or makes in a way that an abort does not end. */
export function otherCalls(send: Send, patience: Patience): OtherCalls {
  return {
    async accountDetails() {
      return JSON.parse(await send({ method: 'GET', path: ACCOUNT_PATH }, patience))
    },
    async upload({ name, folder, mediaType, bytes }) {
      const form = new FormData()
      form.set('file', new Blob([new Uint8Array(bytes)], { type: mediaType }), name)
      form.set('fileName', name)
      form.set('folderPath', folder)
      // What is uploaded again after a lost reply takes the place of the first: the name says which file of which delivery it is.
      form.set('options', JSON.stringify({ access: 'PRIVATE', overwrite: true }))
      const request = { method: 'POST', path: FILES_PATH, body: form }
      const answer: unknown = JSON.parse(await send(request, { ...patience, withinMs: UPLOAD_WITHIN_MS }))
      const id = typeof answer === 'object' && answer !== null && 'id' in answer ? String(answer.id) : ''
      if (!/^\d+$/.test(id)) throw new UnansweredError('unreadable', 'The answer names no file')
      return id
    },
  }
}
