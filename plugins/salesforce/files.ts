import { type AttachedFile, type Call, FailureError } from 'flowgate/plugin'
import type { SalesforceApi } from './api.ts'
import { classify } from './failure.ts'
import { ProblemError } from './problem.ts'
import { quoted } from './soql.ts'

/** Salesforce takes JSON up to 50 million bytes, of which base64 leaves three quarters (developer.salesforce.com, "Insert blob data"). */
const LARGEST_BYTES = 37_000_000
const LONGEST_TITLE = 255
const LONGEST_NAME = 80

/**
 * Attaches files to a record, each once: the path that Salesforce keeps of each begins with the call's idempotency key
 * and its place in the list, and one whose path is there already is not sent again.
 */
export async function attachFiles(
  api: SalesforceApi,
  recordId: string,
  files: readonly AttachedFile[],
  call: Call,
): Promise<void> {
  if (files.length === 0) return
  const named = files.map((file, index) => ({ file, path: `${call.idempotencyKey}/${index}/${safeName(file.name)}` }))
  const paths = named.map(({ path }) => quoted(path)).join(', ')
  const where = `FirstPublishLocationId = ${quoted(recordId)} AND PathOnClient IN (${paths})`
  const there = await api.query(`SELECT Id, PathOnClient FROM ContentVersion WHERE ${where}`)
  const sent = new Set(there.map((version) => version['PathOnClient']))
  for (const { file, path } of named) {
    if (sent.has(path)) continue
    const content = await file.read(call.signal)
    if (content.byteLength > LARGEST_BYTES) throw new FailureError(tooLarge(content.byteLength))
    const version = {
      Title: titleOf(file.name),
      PathOnClient: path,
      VersionData: Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64'),
      FirstPublishLocationId: recordId,
    }
    try {
      await api.create('ContentVersion', version)
    } catch (error) {
      throw refusedFile(error, content.byteLength) ?? error
    }
  }
}

/** What Salesforce says of a file concerns the file: the record is written, and none of its fields is at fault. */
function refusedFile(error: unknown, bytes: number): FailureError | undefined {
  const failure = classify(error)
  if (!(error instanceof ProblemError) || failure?.kind !== 'permanent' || failure.scope !== 'record') return undefined
  const { status, errors } = error.problem
  if (status === 413) return new FailureError(tooLarge(bytes), { cause: error })
  const codes = [`HTTP ${status}`, ...errors.map(({ code }) => code)].join(', ')
  const message = `The record is written, and Salesforce refused a file of it (${codes}). Correct what the code says, then replay.`
  const refused = { kind: 'permanent', scope: 'record', code: 'FG_SALESFORCE_FILE_REFUSED', message } as const
  return new FailureError(refused, { cause: error })
}

/** The end of the name with its ending, by which Salesforce tells the kind of file, and nothing that a path could trip over. */
function safeName(name: string): string {
  const plain = name.replaceAll(/[^\p{L}\p{N} ._-]/gu, '_')
  return plain.slice(-LONGEST_NAME) || 'file'
}

function titleOf(name: string): string {
  const title = name.replace(/\.[^.]*$/, '').slice(0, LONGEST_TITLE)
  return title.trim() === '' ? 'file' : title
}

function tooLarge(bytes: number) {
  const size = Math.ceil(bytes / 1_000_000)
  return {
    kind: 'permanent',
    scope: 'record',
    code: 'FG_SALESFORCE_FILE_TOO_LARGE',
    message: `A file of ${size} MB is larger than the 37 MB that Salesforce takes in one request. The record itself is written. Let the form take smaller files, or attach it by hand.`,
  } as const
}
