import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { FastifySchemaValidationError } from 'fastify/types/schema.js'
import { Type } from 'typebox'
import type { JsonObject } from '../plugin/json.ts'
import type { ApiOptions } from './options.ts'
import { readPayload } from './payload.ts'
import { TokenRefusedError } from './token-request.ts'

const YEAR_SECONDS = 366 * 24 * 3600

const attributes = Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), { maxProperties: 100 })

const tokenBody = Type.Object(
  {
    flow: Type.String({ minLength: 1, maxLength: 100 }),
    version: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    person: Type.Optional(attributes),
    source: Type.Optional(attributes),
    language: Type.Optional(Type.String({ pattern: '^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$' })),
    prefill: Type.Optional(attributes),
    expires_in: Type.Optional(Type.Integer({ minimum: 60, maximum: YEAR_SECONDS, description: 'Seconds.' })),
    token: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^[\\x21-\\x7e]+$' })),
  },
  { additionalProperties: false },
)

interface TokenBody {
  readonly flow: string
  readonly version?: string
  readonly person?: JsonObject
  readonly source?: JsonObject
  readonly language?: string
  readonly prefill?: JsonObject
  readonly expires_in?: number
  readonly token?: string
}

/** Adds `/api/v1/…`, for the company's own programs. Errors say what to change: `{"error":{"code","message"}}`. */
export async function addApi(app: FastifyInstance, options: ApiOptions): Promise<void> {
  await app.register(
    async (api) => {
      api.removeAllContentTypeParsers()
      api.addContentTypeParser('application/json', { parseAs: 'buffer' }, readJson)
      api.addHook('onRequest', async (request, reply) => authorise(request, reply, options.token))
      api.setErrorHandler<FastifyError>(explain)
      api.post<{ Body: TokenBody }>('/tokens', { schema: { body: tokenBody } }, (request, reply) =>
        mint(options, request.body, reply),
      )
      // So that a stranger learns nothing about which paths exist.
      api.all('/*', (_request, reply) => say(reply, 404, 'FG_API_NOT_FOUND', 'there is nothing at this path'))
    },
    { prefix: '/api/v1' },
  )
}

async function mint(options: ApiOptions, body: TokenBody, reply: FastifyReply): Promise<FastifyReply> {
  const { flow, version, person = {}, source = {}, language, prefill = {}, expires_in: expiresInSeconds, token } = body
  try {
    const minted = await options.mintToken({
      flow,
      person,
      source,
      prefill,
      ...(version === undefined ? {} : { version }),
      ...(language === undefined ? {} : { language }),
      ...(expiresInSeconds === undefined ? {} : { expiresInSeconds }),
      ...(token === undefined ? {} : { token }),
    })
    return reply.code(201).send({ token: minted.token, expires_at: minted.expiresAt.toISOString() })
  } catch (error) {
    if (error instanceof TokenRefusedError) return say(reply, 422, error.code, error.message)
    throw error
  }
}

function authorise(request: FastifyRequest, reply: FastifyReply, token: string | undefined): FastifyReply | undefined {
  if (token === undefined || token === '') {
    return say(reply, 403, 'FG_API_OFF', 'the API is off: set FLOWGATE_API_TOKEN and restart to switch it on')
  }
  const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  if (timingSafeEqual(digest(given), digest(token))) return undefined
  reply.header('www-authenticate', 'Bearer')
  return say(reply, 401, 'FG_API_UNAUTHORISED', 'send "Authorization: Bearer <FLOWGATE_API_TOKEN>"')
}

/** Read as a phone's payload is: what it holds ends in the same tables. */
function readJson(_request: FastifyRequest, body: Buffer, done: (error: Error | null, body?: unknown) => void): void {
  const read = readPayload(body)
  if (read === undefined) done(Object.assign(new Error('the body is not a JSON object'), { statusCode: 400 }))
  else done(null, read)
}

function explain(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { statusCode = 500 } = error
  // Not a refusal: the server's own handler writes it down and says nothing.
  if (statusCode < 400 || statusCode >= 500) throw error
  const message = error.validation?.map(inWords).join(', ') ?? error.message
  return say(reply, statusCode, 'FG_API_BAD_REQUEST', message)
}

/** The schema check says that a key is too many, but not which. */
function inWords({ keyword, instancePath, message, params }: FastifySchemaValidationError): string {
  const { additionalProperty } = params
  if (keyword !== 'additionalProperties' || typeof additionalProperty !== 'string') {
    return `body${instancePath} ${message ?? 'is not right'}`
  }
  const known = Object.keys(tokenBody.properties).join(', ')
  return `body${instancePath} has the unknown key "${additionalProperty.slice(0, 100)}" (known are ${known})`
}

function say(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ error: { code, message } })
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
