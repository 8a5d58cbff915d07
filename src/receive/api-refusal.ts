import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { FastifySchemaValidationError } from 'fastify/types/schema.js'

/** Answers `{"error":{"code","message"}}`, which says what to change. */
export function say(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ error: { code, message } })
}

/** Puts what the framework refuses into words that name the part of the request and the key; a defect of ours it throws on. */
export function explain(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { statusCode = 500, validation, validationContext = 'body' } = error
  // Not a refusal: the server's own handler writes it down and says nothing.
  if (statusCode < 400 || statusCode >= 500) throw error
  const known = knownKeys(request, validationContext)
  const part = validationContext === 'querystring' ? 'query' : validationContext
  const message = validation?.map((fault) => inWords(fault, part, known)).join(', ') ?? error.message
  return say(reply, statusCode, 'FG_API_BAD_REQUEST', message)
}

/** The schema check says that a key is too many, but not which. */
function inWords(
  { keyword, instancePath, message, params }: FastifySchemaValidationError,
  part: string,
  known: readonly string[],
): string {
  const { additionalProperty } = params
  if (keyword !== 'additionalProperties' || typeof additionalProperty !== 'string') {
    return `${part}${instancePath} ${message ?? 'is not right'}`
  }
  return `${part}${instancePath} has the unknown key "${additionalProperty.slice(0, 100)}" (known are ${known.join(', ')})`
}

/** The keys that a part of this path's requests may have. */
function knownKeys({ routeOptions: { schema } }: FastifyRequest, part: string): readonly string[] {
  const own: unknown = part === 'querystring' ? schema?.querystring : schema?.body
  if (typeof own !== 'object' || own === null || !('properties' in own)) return []
  return Object.keys(own.properties ?? {})
}
