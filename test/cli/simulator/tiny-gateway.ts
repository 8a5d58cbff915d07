import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHmac,
  generateKeyPairSync,
  privateDecrypt,
} from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '../../../src/plugin/json.ts'
import tinyFlowJson from './tiny-flow.json' with { type: 'json' }

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

export const appSecret = 'a secret of the tiny gateway'
/** The form the tiny gateway serves: CONTACT → SIZE → DETAILS, with a short cut from CONTACT to DETAILS. */
export { privateKey, publicKey, tinyFlowJson }

/** A bug that can be planted, one at a time. */
export type Bug =
  | 'undeclared-key'
  | 'missing-key'
  | 'mistyped-key'
  | 'unreachable-screen'
  | 'unknown-screen'
  | 'late-entry'
  | 'wrong-iv'
  | 'missing-flow-token'
  | 'back-stays'
  | 'taps-differ'
  | 'lax-signature'
  | 'crash-on-tamper'
  | 'no-ping'
  | 'json-answer'

export interface TinyGateway extends AsyncDisposable {
  readonly url: string
  /** Every opened request, in order. */
  readonly seen: JsonObject[]
}

/** A sealed endpoint of the tests' own, with one bug or none. */
export async function startTinyGateway(bug?: Bug, secret = appSecret): Promise<TinyGateway> {
  const seen: JsonObject[] = []
  const server = createServer(async (request, response) => {
    const bytes = await read(request)
    const right = `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`
    const signed = request.headers['x-hub-signature-256'] === right || bug === 'lax-signature'
    const { status, body } = signed ? answer(bytes, seen, bug) : { status: 432, body: '' }
    response.writeHead(status, { 'content-type': 'text/plain' }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/flows/tiny`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function answer(body: Buffer, seen: JsonObject[], bug: Bug | undefined) {
  const opened = open(body)
  if (!opened) return { status: bug === 'crash-on-tamper' ? 500 : 421, body: '' }
  seen.push(opened.payload)
  const plaintext = JSON.stringify(decide(opened.payload, seen.length, bug))
  if (bug === 'json-answer') return { status: 200, body: plaintext }
  const iv = bug === 'wrong-iv' ? opened.iv : opened.iv.map((byte) => byte ^ 0xff)
  const cipher = createCipheriv('aes-128-gcm', opened.key, iv)
  const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { status: 200, body: sealed.toString('base64') }
}

function open(body: Buffer) {
  try {
    const envelope = JSON.parse(body.toString('utf8')) as Record<string, string>
    const bytes = (name: string) => Buffer.from(envelope[name] ?? '', 'base64')
    const padding = constants.RSA_PKCS1_OAEP_PADDING
    const key = privateDecrypt({ key: privateKey, padding, oaepHash: 'sha256' }, bytes('encrypted_aes_key'))
    const iv = bytes('initial_vector')
    const data = bytes('encrypted_flow_data')
    const decipher = createDecipheriv('aes-128-gcm', key, iv, { authTagLength: 16 })
    decipher.setAuthTag(data.subarray(-16))
    const text = Buffer.concat([decipher.update(data.subarray(0, -16)), decipher.final()]).toString('utf8')
    return { key, iv, payload: JSON.parse(text) as JsonObject }
  } catch {
    return undefined
  }
}

const greeting = { greeting: 'Hello' }
const details = { slots: [{ id: 'nine', title: '09:00' }], count: 1 }

function decide(payload: JsonObject, count: number, bug: Bug | undefined): JsonObject {
  const data = payload['data'] as JsonObject | undefined
  if (payload['action'] === 'ping') return bug === 'no-ping' ? { data: {} } : { data: { status: 'active' } }
  if (data?.['error'] !== undefined) return { data: { acknowledged: true } }
  if (payload['action'] === 'INIT') {
    return bug === 'late-entry' ? { screen: 'SIZE', data: {} } : { screen: 'CONTACT', data: greeting }
  }
  if (payload['action'] === 'BACK') {
    return bug === 'back-stays' ? { screen: 'DETAILS', data: details } : { screen: 'CONTACT', data: greeting }
  }
  if (payload['screen'] === 'CONTACT') return afterContact(data, count, bug)
  if (payload['screen'] === 'SIZE') return { screen: 'DETAILS', data: details }
  const params = bug === 'missing-flow-token' ? {} : { flow_token: payload['flow_token'] ?? '' }
  return { screen: 'SUCCESS', data: { extension_message_response: { params } } }
}

function afterContact(data: JsonObject | undefined, count: number, bug: Bug | undefined): JsonObject {
  if (data?.['full_name'] === '')
    return { screen: 'CONTACT', data: { ...greeting, error_message: 'Your name, please.' } }
  switch (bug) {
    case 'undeclared-key':
      return { screen: 'DETAILS', data: { ...details, colour: 'red' } }
    case 'missing-key':
      return { screen: 'DETAILS', data: { slots: [] } }
    case 'mistyped-key':
      return { screen: 'DETAILS', data: { ...details, slots: [{ id: 9, title: '09:00' }] } }
    case 'unreachable-screen':
      return { screen: 'ISLAND', data: {} }
    case 'unknown-screen':
      return { screen: 'NOWHERE', data: {} }
    case 'taps-differ':
      return { screen: 'DETAILS', data: { ...details, count } }
    default:
      return { screen: 'DETAILS', data: details }
  }
}
