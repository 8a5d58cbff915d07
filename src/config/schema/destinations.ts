import Type, { type Static } from 'typebox'
import { DEFAULT_ANSWER_WITHIN_MS, DEFAULT_AT_ONCE } from './defaults.ts'
import { NAME_PATTERN } from './names.ts'
import { SourceSchema } from './source.ts'

const closed = { additionalProperties: false } as const

const DestinationSchema = Type.Object(
  {
    plugin: Type.String({
      minLength: 1,
      description:
        'Which plugin delivers: the name of a built-in one, `./folder` relative to the configuration folder, or `npm:package`.',
      examples: ['hubspot', './crm/pipedrive', 'npm:@acme/flowgate-pipedrive'],
    }),
    config: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: `The plugin's own settings, described in its README. Texts may hold \`\${NAME}\` or \`\${NAME:-default}\` from the environment; where NAME is not set, the file named by NAME_FILE holds it. \`$\${\` is a plain \`\${\`.`,
        examples: [{ access_token: `\${HUBSPOT_ACCESS_TOKEN}` }],
      }),
    ),
    at_once: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        default: DEFAULT_AT_ONCE,
        description: 'Deliveries at the same time, for each process.',
      }),
    ),
    answer_within_ms: Type.Optional(
      Type.Integer({
        minimum: 100,
        maximum: 60_000,
        default: DEFAULT_ANSWER_WITHIN_MS,
        description: 'Deadline of one call in milliseconds. A call that takes longer is ended and tried again later.',
      }),
    ),
    budget: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description:
          "What the account may be asked, by class of request, in place of the plugin's own limits, which its page names: `190/10s` is at most 190 requests in any 10 seconds, `5/s` five in any second; `unlimited` lifts a limit. All destinations and processes with this account share what is counted, so give each the same.",
        examples: [{ all: '100/10s', search: '4/s' }],
      }),
    ),
    on_unknown: Type.Optional(
      Type.Enum(['resend_marked', 'hold'] as const, {
        default: 'hold',
        description:
          'What to do when a message may or may not have arrived and the vendor cannot tell: `hold` waits for an operator, `resend_marked` sends it again, marked as a possible repeat.',
      }),
    ),
  },
  { ...closed, title: 'Destination', description: 'A plugin, configured and named.' },
)

export const DestinationsFileSchema = Type.Object(
  {
    destinations: Type.Optional(
      Type.Record(Type.String({ pattern: NAME_PATTERN }), DestinationSchema, {
        ...closed,
        description: 'Destinations by name. Mappings refer to them in `to`.',
        examples: [{ hubspot: { plugin: 'hubspot', config: { access_token: `\${HUBSPOT_ACCESS_TOKEN}` } } }],
      }),
    ),
    sources: Type.Optional(
      Type.Record(Type.String({ pattern: NAME_PATTERN }), SourceSchema, {
        ...closed,
        description: 'Sources by name. Asks and reservations of flows refer to them.',
        examples: [{ calendar: { plugin: 'sql-source', config: { queries: './calendar.sql' } } }],
      }),
    ),
  },
  {
    ...closed,
    title: 'destinations.yaml',
    description: 'Where records and notifications go, and where flows get data from.',
  },
)

export type DestinationsFile = Static<typeof DestinationsFileSchema>
