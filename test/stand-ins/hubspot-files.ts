import type { StandInAnswer, StandInRequest } from 'flowgate/plugin/testing'
import type { HubspotAccount } from './hubspot-account.ts'
import { invalidRequest, Refused } from './hubspot-answers.ts'

/** One file of the file manager. */
export interface StoredFile {
  readonly id: string
  readonly name: string
  readonly folder: string
  readonly access: string
  readonly mediaType: string
  readonly bytes: Buffer
}

type Part = ReturnType<FormData['get']>

const ACCESSES = ['PRIVATE', 'PUBLIC_INDEXABLE', 'PUBLIC_NOT_INDEXABLE', 'HIDDEN_INDEXABLE', 'HIDDEN_NOT_INDEXABLE']

/**
 * `POST /files/v3/files`, as a form: `file`, one of `folderPath` and `folderId`, and `options`, JSON in text whose `access`
 * is required. With `overwrite` a file of the same name in the folder is replaced and keeps its id; without it the new one
 * gets another name.
 */
export async function uploadFile(account: HubspotAccount, request: StandInRequest): Promise<StandInAnswer> {
  const form = await formOf(request)
  const file = form.get('file')
  if (!(file instanceof File)) throw new Refused(invalidRequest('Some required fields were not set: [file]'))
  const folder = form.get('folderPath')
  if ((folder === null) === (form.get('folderId') === null)) {
    throw new Refused(invalidRequest('Exactly one of folderId and folderPath must be provided'))
  }
  const { access, overwrite } = optionsOf(form.get('options'))
  if (typeof access !== 'string' || !ACCESSES.includes(access)) {
    throw new Refused(invalidRequest('options.access is required'))
  }
  const name = textOf(form.get('fileName')) ?? file.name
  const stored = account.storeFile(
    {
      name,
      folder: textOf(folder) ?? '/',
      access,
      mediaType: file.type,
      bytes: Buffer.from(await file.arrayBuffer()),
    },
    overwrite === true,
  )
  const dot = stored.name.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [stored.name.slice(0, dot), stored.name.slice(dot + 1)] : [stored.name, '']
  const time = new Date().toISOString()
  const shown = { id: stored.id, name: stem, extension, access: stored.access, path: `${stored.folder}/${stored.name}` }
  return {
    status: 201,
    body: { ...shown, size: stored.bytes.length, archived: false, createdAt: time, updatedAt: time },
  }
}

async function formOf(request: StandInRequest): Promise<FormData> {
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) throw new Refused(invalidRequest('Unsupported Media Type'))
  return new Response(new Uint8Array(request.bytes), { headers: { 'content-type': type } }).formData()
}

function optionsOf(text: Part): { access?: unknown; overwrite?: unknown } {
  if (typeof text !== 'string') throw new Refused(invalidRequest('Some required fields were not set: [options]'))
  try {
    return { ...Object(JSON.parse(text)) }
  } catch {
    throw new Refused(invalidRequest('options is not JSON'))
  }
}

function textOf(value: Part): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
