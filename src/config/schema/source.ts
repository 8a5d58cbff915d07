import Type, { type Static } from 'typebox'
import { SourceFallbackSchema } from './ask.ts'
import { DEFAULT_BREAKER, DEFAULT_CACHE_ENTRIES, DEFAULT_SOURCE_AT_ONCE, DEFAULT_SOURCE_WITHIN_MS } from './defaults.ts'

const closed = { additionalProperties: false } as const

const duration = (description: string, example: string, standard?: string) =>
  Type.String({
    description: `${description} A whole number and \`s\`, \`m\`, \`h\` or \`d\`.`,
    examples: [example],
    ...(standard === undefined ? {} : { default: standard }),
  })

const CacheSchema = Type.Object(
  {
    ttl: duration('How long an answer is used without asking again.', '30s'),
    stale: Type.Optional(
      duration(
        'How long after that it is still used at once, while a fresh one is fetched aside. Left out: not at all.',
        '5m',
      ),
    ),
    nothing_found: Type.Optional(duration('How long "nothing found" is kept. Left out: as long as `ttl`.', '5s')),
    entries: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000,
        default: DEFAULT_CACHE_ENTRIES,
        description: 'Answers kept in each process; the ones not used for longest go first.',
      }),
    ),
    shared: Type.Optional(
      Type.Boolean({ default: false, description: 'Whether all processes share answers through PostgreSQL.' }),
    ),
  },
  { ...closed, title: 'Cache', description: 'Answers kept, by query and parameters. Left out: none are.' },
)

const BreakerSchema = Type.Object(
  {
    failures: Type.Optional(
      Type.Integer({ minimum: 1, default: DEFAULT_BREAKER.failures, description: 'Failures in a row that open it.' }),
    ),
    rest: Type.Optional(
      duration('How long nothing is asked then, before one question tries again.', '10s', DEFAULT_BREAKER.rest),
    ),
  },
  { ...closed, title: 'Breaker', description: 'When a source that keeps failing is left alone for a while.' },
)

export const SourceSchema = Type.Object(
  {
    plugin: Type.String({
      minLength: 1,
      description:
        'Which plugin answers: the name of a built-in one, `./folder` relative to the configuration folder, or `npm:package`.',
      examples: ['sql-source', 'http-source', 'crm-source', 'static-source'],
    }),
    config: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description:
          "The plugin's own settings, described in its documentation; texts may hold variables as in destinations.",
        examples: [{ url: `\${BOOKING_DATABASE_URL}`, queries: './queries/calendar.sql' }],
      }),
    ),
    answer_within_ms: Type.Optional(
      Type.Integer({
        minimum: 50,
        maximum: 3_000,
        default: DEFAULT_SOURCE_WITHIN_MS,
        description:
          'Deadline of one question in milliseconds. All questions of one request share 3 seconds in any case.',
      }),
    ),
    at_once: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000,
        default: DEFAULT_SOURCE_AT_ONCE,
        description: 'Questions at the same time, for each process. Those above wait within their deadline.',
      }),
    ),
    cache: Type.Optional(CacheSchema),
    breaker: Type.Optional(BreakerSchema),
    if_unavailable: Type.Optional(SourceFallbackSchema),
  },
  { ...closed, title: 'Source', description: 'A plugin asked for data while a person waits, configured and named.' },
)

export type SourceEntry = Static<typeof SourceSchema>
