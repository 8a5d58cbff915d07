import type { ObtainedToken, PluginContext } from '../definition.ts'

const SOON_MS = 60_000

/** `PluginContext.accessToken` for tests: keeps tokens in memory, and lets one obtain at a time, as the gateway does. */
export function tokensInMemory(now: () => Date = () => new Date()): PluginContext['accessToken'] {
  const kept = new Map<string, ObtainedToken>()
  let last: Promise<unknown> = Promise.resolve()
  return ({ name, stale, signal, obtain }) => {
    const given = last.then(async () => {
      const known = kept.get(name)
      const fresh = known?.expiresAt === undefined || known.expiresAt.getTime() > now().getTime() + SOON_MS
      if (known !== undefined && fresh && known.accessToken !== stale) return known
      const obtained = await obtain(known, signal)
      kept.set(name, obtained)
      return obtained
    })
    last = given.catch(() => undefined)
    return given
  }
}
