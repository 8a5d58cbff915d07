import { constants, createCipheriv, createDecipheriv, createHmac, generateKeyPairSync, privateDecrypt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '../../../src/plugin/json.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

export const appSecret = 'a secret of the tiny gateway'
export { privateKey, publicKey }

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

/** The form the tiny gateway serves: CONTACT → SIZE → DETAILS, with a short cut from CONTACT to DETAILS. */
export const tinyFlowJson = {
  version: '7.3',
  data_api_version: '4.0',
  routing_model: { CONTACT: ['SIZE', 'DETAILS'], SIZE: ['DETAILS'], DETAILS: [], ISLAND: [] },
  screens: [
    screen('CONTACT', { greeting: { type: 'string', __example__: 'Hello' } }, [
      { type: 'TextInput', name: 'full_name', 'input-type': 'text', required: true },
      { type: 'TextInput', name: 'email_address', 'input-type': 'email' },
      footer({ full_name: '${form.full_name}', email: '${form.email_address}', greeted: '${data.greeting}' }),
    ]),
    screen('SIZE', {}, [
      { type: 'TextInput', name: 'employees', 'input-type': 'number' },
      footer({ employees: '${form.employees}' }),
    ]),
    {
      ...screen(
        'DETAILS',
        {
          slots: {
            type: 'array',
            items: { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' } } },
            __example__: [{ id: '1', title: '09:00' }],
          },
          count: { type: 'number', __example__: 1 },
        },
        [
          { type: 'Dropdown', name: 'slot', 'data-source': '${data.slots}' },
          footer({ slot: '${form.slot}', name: '${screen.CONTACT.form.full_name}' }),
        ],
      ),
      terminal: true,
      refresh_on_back: true,
    },
    screen('ISLAND', {}, [footer({})]),
  ],
}

function screen(id: string, data: object, children: readonly object[]) {
  return { id, title: id, data, layout: { type: 'SingleColumnLayout', children: [{ type: 'Form', name: 'f', children }] } }
}

function footer(payload: object) {
  return { type: 'Footer', label: 'Go on', 'on-click-action': { name: 'data_exchange', payload } }
}

export interface TinyGateway extends AsyncDisposable {
  readonly url: string
  /** Every opened request, in order. */
  readonly seen: JsonObject[]
}

/** A sealed endpoint of the tests' own, with one bug or none. */
export async function startTinyGateway(bug?: Bug): Promise<TinyGateway> {
  const seen: JsonObject[] = []
  const server = createServer(async (request, response) => {
    const { status, body } = answer(await read(request), String(request.headers['x-hub-signature-256'] ?? ''), seen, bug)
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

function answer(body: Buffer, signature: string, seen: JsonObject[], bug: Bug | undefined) {
  const right = `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`
  if (signature !== right && bug !== 'lax-signature') return { status: 432, body: '' }
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
  if (data?.['full_name'] === '') return { screen: 'CONTACT', data: { ...greeting, error_message: 'Your name, please.' } }
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
