import Type, { type Static } from 'typebox'

const closed = { additionalProperties: false } as const

/** `flowgate.yaml`: what concerns the whole gateway. Every key is optional. */
export const SettingsFileSchema = Type.Object(
  {
    alerts: Type.Optional(Type.Object({ to: Type.String() }, closed)),
  },
  closed,
)

export type SettingsFile = Static<typeof SettingsFileSchema>
