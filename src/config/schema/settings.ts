import Type, { type Static } from 'typebox'

const closed = { additionalProperties: false } as const

const AlertsSchema = Type.Object(
  {
    to: Type.String({
      minLength: 1,
      description: 'A notification destination of `destinations.yaml`. Alerts are in the log in any case.',
      examples: ['slack-sales'],
    }),
  },
  {
    ...closed,
    title: 'Alerts',
    description: "Who hears operators' alerts: failed deliveries, paused destinations, rejected answers.",
  },
)

/** `flowgate.yaml`: what concerns the whole gateway. Every key is optional. */
export const SettingsFileSchema = Type.Object(
  { alerts: Type.Optional(AlertsSchema) },
  {
    ...closed,
    title: 'flowgate.yaml',
    description:
      'What concerns the whole gateway. The file and every key in it are optional. Texts may hold variables of the environment, as in destinations.yaml.',
  },
)

export type SettingsFile = Static<typeof SettingsFileSchema>
