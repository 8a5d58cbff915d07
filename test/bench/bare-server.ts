import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  privateDecrypt,
  timingSafeEqual,
} from 'node:crypto'
import { createServer } from 'node:http'

// The least a server of this protocol must do: HMAC, RSA with a parsed key, AES, a fixed answer. No state, no limits, no checks.
const key = createPrivateKey(process.env['BENCH_PRIVATE_KEY'] ?? '')
const secret = process.env['BENCH_APP_SECRET'] ?? ''
const ANSWER = JSON.stringify({
  version: '4.0',
  screen: 'NEEDS',
  data: { greeting: 'Hello, what do you need most?', error_messages: {} },
})

interface Envelope {
  readonly encrypted_flow_data: string
  readonly encrypted_aes_key: string
  readonly initial_vector: string
}

function answer(body: Buffer, signature: string): string {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Error('signature')
  const envelope = JSON.parse(body.toString()) as Envelope
  const wrapped = Buffer.from(envelope.encrypted_aes_key, 'base64')
  const aesKey = privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, wrapped)
  const iv = Buffer.from(envelope.initial_vector, 'base64')
  const data = Buffer.from(envelope.encrypted_flow_data, 'base64')
  const opening = createDecipheriv('aes-128-gcm', aesKey, iv, { authTagLength: 16 })
  opening.setAuthTag(data.subarray(-16))
  JSON.parse(Buffer.concat([opening.update(data.subarray(0, -16)), opening.final()]).toString())
  const inverted = iv.map((byte) => byte ^ 0xff)
  const sealing = createCipheriv('aes-128-gcm', aesKey, inverted, { authTagLength: 16 })
  return Buffer.concat([sealing.update(ANSWER), sealing.final(), sealing.getAuthTag()]).toString('base64')
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    try {
      const text = answer(Buffer.concat(chunks), String(request.headers['x-hub-signature-256']))
      response.writeHead(200, { 'content-type': 'text/plain' }).end(text)
    } catch {
      response.writeHead(421).end()
    }
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) process.send?.({ port: address.port })
})
process.on('disconnect', () => process.exit(0))
