import { constants, createCipheriv, createDecipheriv, createHmac, publicEncrypt, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type Agent, type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { appSecret, pemNamed } from './vectors.ts'

/** A request as Meta's servers would send it, and what its answer can be opened with. */
export interface Sealed {
  readonly body: string
  readonly aesKey: Buffer
  readonly iv: Buffer
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Seals a payload for the test key, or any text where the payload shall be something no phone sends. */
export function seal(payload: unknown, publicPem: string = pemNamed('public_key.pem')): Sealed {
  const aesKey = randomBytes(16)
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-128-gcm', aesKey, iv, { authTagLength: 16 })
  const plaintext = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload))
  const data = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const wrapped = publicEncrypt({ key: publicPem, padding, oaepHash: 'sha256' }, aesKey)
  const envelope = {
    encrypted_flow_data: data.toString('base64'),
    encrypted_aes_key: wrapped.toString('base64'),
    initial_vector: iv.toString('base64'),
  }
  return { body: JSON.stringify(envelope), aesKey, iv }
}

/** Opens an answer as the phone does: same key, every bit of the IV inverted. Throws where it was not sealed so. */
export function open(answer: string, { aesKey, iv }: Pick<Sealed, 'aesKey' | 'iv'>): unknown {
  const bytes = Buffer.from(answer, 'base64')
  const decipher = createDecipheriv('aes-128-gcm', aesKey, Buffer.from(iv.map((byte) => 255 - byte)), {
    authTagLength: 16,
  })
  decipher.setAuthTag(bytes.subarray(-16))
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8'))
}

export function sign(body: string | Buffer, secret: string = appSecret): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

export interface Post {
  readonly body?: string | Buffer
  /** Added to the headers of a well signed JSON request; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly method?: string
  readonly agent?: Agent
}

/** One HTTP request over a real socket. Without an agent the connection is its own. */
export function send(url: string, { body = '', headers = {}, method = 'POST', agent }: Post = {}): Promise<Answer> {
  const all = { 'content-type': 'application/json', 'x-hub-signature-256': sign(body), ...headers }
  const given = Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers: given, agent: agent ?? false }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const { statusCode = 0, headers: received } = incoming
        resolve({ status: statusCode, headers: received, body: Buffer.concat(chunks).toString('utf8') })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Sends raw bytes and resolves with all that came back when the server closed the connection. */
export async function sendRaw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(text)
  await once(socket, 'close')
  return Buffer.concat(chunks).toString('utf8')
}
