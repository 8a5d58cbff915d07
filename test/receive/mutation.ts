import { type Sealed, sign } from './meta.ts'

/** Numbers from 0 to 1 that look random and are the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A damaged request and the one status that is right for it. */
export interface Mutant {
  readonly kind: string
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly status: number
}

type Random = () => number
type Mutation = (sealed: Sealed, random: Random) => Omit<Mutant, 'kind'>

const FIELDS = ['encrypted_flow_data', 'encrypted_aes_key', 'initial_vector'] as const
type Envelope = Record<(typeof FIELDS)[number], string>

const LIMIT = 1024 * 1024

const below = (random: Random, end: number): number => Math.floor(random() * end)

/** Whether a damaged envelope still says exactly what the good one said: only then may it be answered. */
function saysTheSame(body: Buffer, good: string): boolean {
  const original: Envelope = JSON.parse(good)
  try {
    const envelope: Partial<Record<string, unknown>> | null = JSON.parse(body.toString('utf8'))
    return FIELDS.every((field) => {
      const text = envelope?.[field]
      return (
        typeof text === 'string' &&
        /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) &&
        Buffer.from(text, 'base64').equals(Buffer.from(original[field], 'base64'))
      )
    })
  } catch {
    return false
  }
}

/** Signed as it is, so that it gets as far as the crypto. */
function signed(body: Buffer, good: string): Omit<Mutant, 'kind'> {
  return { body, headers: {}, status: saysTheSame(body, good) ? 200 : 421 }
}

function withField(good: string, random: Random, change: (text: string) => unknown): Buffer {
  const envelope: Envelope = JSON.parse(good)
  const field = FIELDS[below(random, FIELDS.length)] ?? 'initial_vector'
  return Buffer.from(JSON.stringify({ ...envelope, [field]: change(envelope[field]) }))
}

function flipBit(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes)
  const at = below(random, copy.length)
  copy[at] = (copy[at] ?? 0) ^ (1 << below(random, 8))
  return copy
}

const refusedSignature = (header: string | undefined) => (sealed: Sealed) => ({
  body: Buffer.from(sealed.body),
  headers: { 'x-hub-signature-256': header },
  status: 432,
})

const STRANGE_VALUES: readonly unknown[] = [
  null,
  7,
  true,
  [],
  {},
  '',
  '=',
  '====',
  'AAAA',
  '\u0000',
  '\ud800',
  ['AAAA'],
]

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'flipped bits of the body': ({ body }, random) => {
    let damaged: Buffer = Buffer.from(body)
    for (let flips = 1 + below(random, 3); flips > 0; flips -= 1) damaged = flipBit(damaged, random)
    return signed(damaged, body)
  },
  'last characters of base64 changed': ({ body }, random) =>
    signed(
      withField(body, random, (text) => text.replace(/.(=*)$/, `${'ABCDwxyz'.charAt(below(random, 8))}$1`)),
      body,
    ),
  'flipped bit of a field': ({ body }, random) =>
    signed(
      withField(body, random, (text) => flipBit(Buffer.from(text, 'base64'), random).toString('base64')),
      body,
    ),
  'shortened or lengthened field': ({ body }, random) =>
    signed(
      withField(body, random, (text) => {
        const bytes = Buffer.from(text, 'base64')
        const shorter = bytes.subarray(0, below(random, bytes.length))
        return (random() < 0.5 ? shorter : Buffer.concat([bytes, shorter])).toString('base64')
      }),
      body,
    ),
  'wrong base64': ({ body }, random) =>
    signed(
      withField(body, random, (text) => {
        const at = below(random, text.length)
        return text.slice(0, at) + ' -_\n=!é'.charAt(below(random, 7)) + text.slice(at + below(random, 2))
      }),
      body,
    ),
  'field of another type': ({ body }, random) =>
    signed(
      withField(body, random, () => STRANGE_VALUES[below(random, STRANGE_VALUES.length)]),
      body,
    ),
  truncated: ({ body }, random) => signed(Buffer.from(body).subarray(0, below(random, body.length)), body),
  'random bytes': ({ body }, random) =>
    signed(Buffer.from(Array.from({ length: below(random, 600) }, () => below(random, 256))), body),
  empty: ({ body }) => signed(Buffer.alloc(0), body),
  'signature of another body': ({ body }, random) => ({
    body: flipBit(Buffer.from(body), random),
    headers: { 'x-hub-signature-256': sign(body) },
    status: 432,
  }),
  'no signature': refusedSignature(undefined),
  'short signature': (sealed, random) => refusedSignature(sign(sealed.body).slice(0, below(random, 71)))(sealed),
  'damaged signature': (sealed, random) =>
    refusedSignature(sign(sealed.body).replace(/.$/, 'ghxyz-'.charAt(below(random, 6))))(sealed),
  'wrong content type': ({ body }, random) => ({
    body: Buffer.from(body),
    headers: { 'content-type': ['text/plain', 'application/xml', 'multipart/form-data', 'x'][below(random, 4)] },
    status: 415,
  }),
}

const HUGE: Readonly<Record<string, Mutation>> = {
  'huge and within the limit': ({ body }) => {
    const padded = `${body.slice(0, -1)},"more":"${'x'.repeat(LIMIT - body.length - 10)}"}`
    return signed(Buffer.from(padded), body)
  },
  'huge field': ({ body }, random) =>
    signed(
      withField(body, random, () => 'A'.repeat(700_000)),
      body,
    ),
  'deeply nested': ({ body }) => signed(Buffer.from('['.repeat(500_000)), body),
  'over the limit': () => ({ body: Buffer.alloc(LIMIT + 1, 'x'), headers: {}, status: 413 }),
}

/** Every kind in turn; one in 125 is huge. */
export function mutantOf(index: number, sealed: Sealed, random: Random): Mutant {
  const kinds = Object.entries(index % 125 === 0 ? HUGE : MUTATIONS)
  const [kind, mutate] = kinds[below(random, kinds.length)] ?? ['empty', MUTATIONS['empty']]
  if (mutate === undefined) throw new Error('there are no mutations')
  return { kind, ...mutate(sealed, random) }
}
