const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** Seconds of a duration as operators write it: `30s`, `5m`, `48h`, `7d`. `undefined` for anything else, zero included. */
export function parseDuration(text: string): number | undefined {
  const match = /^([1-9][0-9]{0,5})([smhd])$/.exec(text)
  if (match === null) return undefined
  const unit = match[2] as keyof typeof SECONDS
  return Number(match[1]) * SECONDS[unit]
}
