import assert from 'node:assert/strict'
import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { FailureError } from 'flowgate/plugin'
import { type StandIn, startStandIn } from 'flowgate/plugin/testing'
import { parseMediaAnswer } from '../../src/media/media-answer.ts'
import { isWhatsappHost, LONGEST_FILE_BYTES, mediaFiles } from '../../src/media/media-files.ts'
import { openMedia } from '../../src/media/open-media.ts'
import type { Json } from '../../src/plugin/json.ts'
import { createGuardedFetch } from '../../src/registry/guarded-fetch.ts'

const signal = () => AbortSignal.timeout(120_000)
const PDF = Buffer.from('%PDF-1.7\nan offer\n')

let server: StandIn
const files = new Map<string, Buffer>()

before(async () => {
  server = await startStandIn({
    routes: {
      'GET /v/:file': ({ parameters }) => {
        const file = files.get(parameters['file'] ?? '')
        return file === undefined ? { status: 404 } : { status: 200, body: file }
      },
    },
  })
})

after(() => server.close())

/** Encrypts a file as a phone does, lays it on the server, and gives the answer of the picker. */
function answerFor(content: Buffer, fileName: string, host = server.url): Record<string, Json> {
  const [key, hmacKey, iv] = [randomBytes(32), randomBytes(32), randomBytes(16)]
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()])
  const trailer = createHmac('sha256', hmacKey).update(iv).update(ciphertext).digest().subarray(0, 10)
  const file = Buffer.concat([ciphertext, trailer])
  files.set(fileName, file)
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('base64')
  return {
    media_id: '1',
    cdn_url: `${host}/v/${fileName}`,
    file_name: fileName,
    encryption_metadata: {
      encrypted_hash: hash(file),
      iv: iv.toString('base64'),
      encryption_key: key.toString('base64'),
      hmac_key: hmacKey.toString('base64'),
      plaintext_hash: hash(content),
    },
  }
}

/** What a gateway that trusts the stand-in makes of an answer. */
function filesOf(...answers: readonly Json[]) {
  const allowHosts = [{ kind: 'name', name: '127.0.0.1', subdomains: false }] as const
  const fetch = createGuardedFetch({ allowHosts, replyBytes: LONGEST_FILE_BYTES })
  return mediaFiles(answers, { fetch, isTrusted: (url) => isWhatsappHost(url) || url.origin === server.url })
}

async function codeOf(reading: () => unknown): Promise<string | undefined> {
  try {
    await reading()
    return undefined
  } catch (error) {
    assert.ok(error instanceof FailureError, String(error))
    assert.doesNotMatch(error.failure.message, /offer|pdf|127\.0|\/v\//i)
    return `${error.failure.kind} ${error.failure.code}`
  }
}

test('Meta’s example file opens, and no bit of it may differ', () => {
  const { media } = JSON.parse(readFileSync('test/vectors/extras.json', 'utf8'))
  const answer = parseMediaAnswer(media.item)
  assert.ok(answer)
  const file = Buffer.from(media.cdn_file_base64, 'base64')
  assert.deepEqual(Buffer.from(openMedia(file, answer) ?? []), Buffer.from(media.plaintext_base64, 'base64'))
  for (const index of [0, file.length - 11, file.length - 1]) {
    const tampered = Buffer.from(file)
    tampered[index] = (tampered[index] ?? 0) ^ 1
    assert.equal(openMedia(tampered, answer), undefined)
    const encryptedHash = createHash('sha256').update(tampered).digest()
    assert.equal(openMedia(tampered, { ...answer, encryptedHash }), undefined, 'the HMAC guards it too')
  }
  assert.equal(openMedia(file.subarray(0, 8), answer), undefined)
})

test('files of one answer and of a list are fetched when they are read, decrypted', async () => {
  const photo = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), randomBytes(2_000_000)])
  const found = filesOf(answerFor(PDF, 'offer.pdf'), [answerFor(photo, 'roof.JPG')])
  assert.deepEqual(
    found.map(({ name, mediaType }) => [name, mediaType]),
    [
      ['offer.pdf', 'application/pdf'],
      ['roof.JPG', 'image/jpeg'],
    ],
  )
  const before = server.requests.length
  assert.deepEqual(Buffer.from((await found[0]?.read(signal())) ?? []), PDF)
  assert.deepEqual(Buffer.from((await found[1]?.read(signal())) ?? []), photo)
  assert.equal(server.requests.length, before + 2)
})

test('names come without folders and control characters', () => {
  const names = ['../../etc/passwd', 'C:\\a\\b.pdf', '.hidden', 'a\u0000b\n.pdf', '', `${'x'.repeat(300)}.jpeg`]
  const answer = answerFor(PDF, 'offer.pdf')
  assert.deepEqual(
    filesOf(...names.map((name) => ({ ...answer, file_name: name }))).map(({ name }) => name),
    ['passwd', 'b.pdf', 'hidden', 'ab.pdf', 'file', `${'x'.repeat(115)}.jpeg`],
  )
})

test('a file elsewhere than at WhatsApp is never asked for', async () => {
  const before = server.requests.length
  const elsewhere = [
    'https://evil.example',
    'https://mmg.whatsapp.net.evil.example',
    'http://mmg.whatsapp.net',
    'file://',
  ]
  for (const host of elsewhere) {
    const [file] = filesOf(answerFor(PDF, 'offer.pdf', host))
    assert.equal(await codeOf(() => file?.read(signal())), 'permanent FG_MEDIA_HOST', host)
  }
  assert.equal(server.requests.length, before)
})

test('what is gone, tampered with or not what its name says is refused; a server in trouble is asked again later', async () => {
  const [gone] = filesOf({ ...answerFor(PDF, 'gone.pdf'), cdn_url: `${server.url}/v/other.pdf` })
  assert.equal(await codeOf(() => gone?.read(signal())), 'permanent FG_MEDIA_GONE')
  const [tampered] = filesOf(answerFor(PDF, 'tampered.pdf'))
  files.set('tampered.pdf', Buffer.from('something else'))
  assert.equal(await codeOf(() => tampered?.read(signal())), 'permanent FG_MEDIA_CONTENT')
  const [page] = filesOf(answerFor(Buffer.from('<html>not a photo</html>'), 'photo.jpg'))
  assert.equal(await codeOf(() => page?.read(signal())), 'permanent FG_MEDIA_CONTENT')
  const [later] = filesOf(answerFor(PDF, 'later.pdf'))
  server.misbehave({ route: 'GET /v/later.pdf', times: 1, fault: { kind: 'status', status: 503 } })
  assert.equal(await codeOf(() => later?.read(signal())), 'retryable FG_MEDIA_UNAVAILABLE')
  server.misbehave({ route: 'GET /v/later.pdf', times: 1, fault: { kind: 'lose-before' } })
  assert.equal(await codeOf(() => later?.read(signal())), 'retryable FG_MEDIA_UNAVAILABLE')
  assert.deepEqual(Buffer.from((await later?.read(signal())) ?? []), PDF)
})

test('a picture that a phone has made anew under its old name is a picture; nothing else is', async () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
  const jpeg = Buffer.from('ffd8ffe000104a464946', 'hex')
  for (const [content, name] of [
    [png, 'shot.jpg'],
    [jpeg, 'shot.png'],
    [jpeg, 'shot.heic'],
    [png, 'shot.webp'],
  ] as const) {
    const [file] = filesOf(answerFor(content, name))
    assert.deepEqual(Buffer.from((await file?.read(signal())) ?? []), content, name)
  }
  for (const [content, name] of [
    [PDF, 'plan.png'],
    [PDF, 'plan.webp'],
    [png, 'plan.pdf'],
    [jpeg, 'plan.txt'],
  ] as const) {
    const [file] = filesOf(answerFor(content, name))
    assert.equal(await codeOf(() => file?.read(signal())), 'permanent FG_MEDIA_CONTENT', name)
  }
})

test('an answer that is no file is refused when the record is made', async () => {
  for (const answer of ['photo.jpg', 7, {}, { cdn_url: 'https://mmg.whatsapp.net/v/x' }]) {
    assert.equal(await codeOf(() => filesOf(answer)), 'permanent FG_MEDIA_ANSWER')
  }
})
