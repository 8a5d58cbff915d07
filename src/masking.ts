const MASK = '[masked]'
const DEEPEST = 6
const LONGEST_TEXT = 4000
const LONGEST_LIST = 50

/** Keys whose value is never shown: credentials, and whatever may hold a person's answers. Compared without case, `_` and `-`. */
const HIDDEN = new Set([
  ...['authorization', 'cookie', 'setcookie', 'apikey', 'apitoken', 'token', 'accesstoken', 'refreshtoken', 'bottoken'],
  ...[
    'flowtoken',
    'verifytoken',
    'clientsecret',
    'appsecret',
    'secret',
    'secrets',
    'password',
    'passphrase',
    'privatekey',
  ],
  ...[
    'signature',
    'connectionstring',
    'databaseurl',
    'form',
    'data',
    'answers',
    'payload',
    'plaintext',
    'body',
    'prefill',
  ],
  ...['person', 'email', 'phone', 'altphone', 'fullname', 'waid', 'parameters', 'values'],
])

const CREDENTIALS_IN_URL = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi

/** A copy that is safe to write down: hidden keys masked at any depth, errors reduced to what they say, size bounded. Never throws. */
export function masked(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return maskedObject(fields, 0)
}

function maskedObject(value: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    copy[key] = HIDDEN.has(key.toLowerCase().replace(/[_-]/g, '')) ? MASK : maskedProperty(value, key, depth)
  }
  return copy
}

function maskedProperty(holder: object, key: string, depth: number): unknown {
  try {
    return maskedValue(Reflect.get(holder, key), depth + 1)
  } catch {
    return '[unreadable]'
  }
}

function maskedValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return maskedText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'function' || typeof value === 'symbol') return undefined
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Error) return maskedError(value, depth)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  // Also what ends a cycle.
  if (depth >= DEEPEST) return '[deeper]'
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map((item) => maskedValue(item, depth + 1))
  return maskedObject(value, depth)
}

/** Only these: a driver's error also carries `detail`, `parameters` or a response, and they quote what a person typed. */
function maskedError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error ? error.code : undefined
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: maskedText(error.message),
    ...(error.stack === undefined ? {} : { stack: maskedText(error.stack) }),
    ...(error.cause === undefined || depth >= DEEPEST ? {} : { cause: maskedValue(error.cause, depth + 1) }),
  }
}

function maskedText(text: string): string {
  const shown = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text
  return shown.replace(CREDENTIALS_IN_URL, `$1${MASK}@`)
}
