import type { Clock } from '../clock.ts'
import type { LogFields } from '../log.ts'
import type { AccessTokenRequest, ObtainedToken } from '../plugin/definition.ts'
import { outsideCalls } from './call-scope.ts'
import { TokenKeeper } from './token-keeper.ts'
import type { TokenShelf } from './token-shelf.ts'

export interface AccessTokensOptions {
  /** Left out: this process has tokens of its own, in memory. */
  readonly shelf?: TokenShelf | undefined
  readonly clock: Clock
  readonly log: { warn(fields: LogFields, event: string): void }
}

/** The access tokens of all plugins of this process. */
export interface AccessTokens {
  /** As `PluginContext.accessToken`. `destination` is unique among destinations and sources. */
  get(destination: string, request: AccessTokenRequest): Promise<ObtainedToken>
}

/** Keeps access tokens: in memory first, then where all processes share them. One obtains at a time, here and everywhere. */
export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const keepers = new Map<string, TokenKeeper>()
  const underWay = new Map<TokenKeeper, Promise<ObtainedToken>>()
  let told = false

  function keeperOf(destination: string, name: string): TokenKeeper {
    const key = JSON.stringify([destination, name])
    const keeper = keepers.get(key) ?? new TokenKeeper({ destination, name }, options)
    keepers.set(key, keeper)
    if (options.shelf === undefined && !told) options.log.warn({}, 'access_tokens.kept_in_memory')
    told = true
    return keeper
  }

  /** Goes on although its caller may give up: others wait for it, and a refresh token may be used up by it. */
  function renew(keeper: TokenKeeper, request: AccessTokenRequest): Promise<ObtainedToken> {
    const renewing = outsideCalls(() => keeper.renew(request)).finally(() => underWay.delete(keeper))
    renewing.catch(() => {})
    underWay.set(keeper, renewing)
    return renewing
  }

  return {
    async get(destination, request) {
      const keeper = keeperOf(destination, request.name)
      const known = keeper.known(request.stale)
      if (known !== undefined) return known
      const joined = underWay.get(keeper)
      const token = joined && (await orAborted(joined, request.signal))
      // Who began it may have known nothing of the refusal.
      if (token !== undefined && token.accessToken !== request.stale) return token
      return await orAborted(underWay.get(keeper) ?? renew(keeper, request), request.signal)
    },
  }
}

function orAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
