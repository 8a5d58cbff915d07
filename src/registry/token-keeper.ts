import { setTimeout as delay } from 'node:timers/promises'
import { newId } from '../id.ts'
import type { AccessTokenRequest, ObtainedToken } from '../plugin/definition.ts'
import { FailureError } from '../plugin/failure.ts'
import type { AccessTokensOptions } from './access-tokens.ts'
import type { KeptToken, TokenPlace, TokenShelf } from './token-shelf.ts'

const SOON_MS = 60_000
const OBTAIN_WITHIN_MS = 15_000
/** Longer than obtaining takes. A process that dies meanwhile keeps the others waiting for as long. */
const CLAIM_FOR_MS = 20_000
const LOOK_EVERY_MS = 100
const WAIT_AT_MOST_MS = 60_000
const TRY_AGAIN_SECONDS = 5
/** A token that was not saved is the only good one: it is tried again while the others still wait for it. */
const SAVE_TRIES = 15
const SAVE_EVERY_MS = 1_000

/** The token of one place, as this process knows it. */
export class TokenKeeper {
  readonly #place: TokenPlace
  readonly #options: AccessTokensOptions
  #token: ObtainedToken | undefined
  /** The database did not take it, so nobody else has it. */
  #unsaved = false

  constructor(place: TokenPlace, options: AccessTokensOptions) {
    this.#place = place
    this.#options = options
  }

  /** The token in memory, where it is good for a while and not the one that was refused. */
  known(stale: string | undefined): ObtainedToken | undefined {
    return this.#good(this.#token, stale)
  }

  /** What another process has obtained meanwhile, else a new one. Not to be called twice at a time. */
  async renew(request: AccessTokenRequest): Promise<ObtainedToken> {
    const { shelf, clock } = this.#options
    if (shelf === undefined) {
      this.#token = await obtain(request, this.#token)
      return this.#token
    }
    const claim = newId('prc', clock.now())
    const giveUpAt = performance.now() + WAIT_AT_MOST_MS
    while (performance.now() < giveUpAt) {
      const found = this.#take(await known(shelf.read(this.#place)), request.stale)
      if (found !== undefined) return found
      const claimed = await known(shelf.claim(this.#place, claim, CLAIM_FOR_MS))
      if (claimed !== undefined) return await this.#obtain(shelf, claim, claimed, request)
      await delay(LOOK_EVERY_MS)
    }
    throw unknown('Another process has been fetching this access token for a minute without an end.')
  }

  async #obtain(
    shelf: TokenShelf,
    claim: string,
    claimed: KeptToken,
    request: AccessTokenRequest,
  ): Promise<ObtainedToken> {
    let isSettled = true
    try {
      const found = this.#take(claimed, request.stale)
      if (found !== undefined) return found
      const token = await obtain(request, this.#unsaved ? this.#token : (claimed.token ?? this.#token))
      // From here on it may be the only good one, whatever becomes of the database.
      this.#token = token
      this.#unsaved = true
      await this.#save(shelf, claimed.version, token)
      // What a refresh token was used up for must not be obtained with it once more: the claim stands till then, or its end.
      isSettled = !this.#unsaved
      return token
    } finally {
      if (isSettled) await shelf.release(this.#place, claim).catch(() => {})
    }
  }

  /** Where the database does not take it, it is tried again behind everybody's back: nobody who delivers waits for that. */
  async #save(shelf: TokenShelf, version: number, token: ObtainedToken, triesLeft = SAVE_TRIES): Promise<void> {
    if (this.#token !== token) return
    try {
      await shelf.save(this.#place, version, token)
      this.#unsaved = false
    } catch (error) {
      this.#options.log.warn({ ...this.#place, error }, 'access_token.not_saved')
      if (triesLeft === 1) return
      setTimeout(() => void this.#save(shelf, version, token, triesLeft - 1), SAVE_EVERY_MS).unref()
    }
  }

  /** What is kept for all, where it is of use and this process has none that is newer. */
  #take(kept: KeptToken | undefined, stale: string | undefined): ObtainedToken | undefined {
    const good = this.#unsaved ? undefined : this.#good(kept?.token, stale)
    if (good !== undefined) this.#token = good
    return good
  }

  #good(token: ObtainedToken | undefined, stale: string | undefined): ObtainedToken | undefined {
    if (token === undefined || token.accessToken === stale) return undefined
    const soon = this.#options.clock.now().getTime() + SOON_MS
    return token.expiresAt === undefined || token.expiresAt.getTime() > soon ? token : undefined
  }
}

/** A plugin that does not heed the signal would keep everybody waiting. */
async function obtain(request: AccessTokenRequest, kept: ObtainedToken | undefined): Promise<ObtainedToken> {
  const ending = new AbortController()
  const late = new Promise<never>((_, reject) => {
    const end = () => reject(unknown(`The vendor gave no access token within ${OBTAIN_WITHIN_MS} ms.`))
    ending.signal.addEventListener('abort', end, { once: true })
  })
  const timer = setTimeout(() => ending.abort(), OBTAIN_WITHIN_MS)
  try {
    return await Promise.race([request.obtain(kept, ending.signal), late])
  } finally {
    clearTimeout(timer)
  }
}

async function known<Result>(asked: Promise<Result>): Promise<Result> {
  try {
    return await asked
  } catch (error) {
    throw unknown('The database does not give the access token that is kept there.', error)
  }
}

/** Nothing was sent yet, so it does not count as an attempt. */
function unknown(what: string, cause?: unknown): FailureError {
  const [code, message] = ['FG_ACCESS_TOKEN_UNKNOWN', `${what} It is tried again.`]
  return new FailureError({ kind: 'rate-limited', code, message, retryAfterSeconds: TRY_AGAIN_SECONDS }, { cause })
}
