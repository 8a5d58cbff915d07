import type { ObtainedToken } from '../plugin/definition.ts'
import { createSeal } from './seal.ts'

/** Whose token, among those of all destinations and sources. */
export interface TokenPlace {
  readonly destination: string
  readonly name: string
}

/** A token as it is kept: encrypted. */
export interface SealedToken {
  /** `undefined` while the first one is being fetched. */
  readonly sealed: Buffer | undefined
  /** Counts the tokens that stood here. */
  readonly version: number
}

/** What keeps sealed tokens for all processes. */
export interface SealedShelf {
  /** `undefined` where none ever was. */
  read(place: TokenPlace): Promise<SealedToken | undefined>
  /**
   * Makes `claim` the one that fetches the next token, for so long at most; `undefined` where another is at it. One that
   * died is waited for no longer than it had claimed.
   */
  claim(place: TokenPlace, claim: string, forMs: number): Promise<SealedToken | undefined>
  /** Keeps a new token in the place of the one of `version`, and ends every claim. `false` where another has taken its place. */
  save(place: TokenPlace, version: number, sealed: Buffer): Promise<boolean>
  /** Lets others fetch the next token. Harmless where the claim has passed to another. */
  release(place: TokenPlace, claim: string): Promise<void>
}

/** A token that is kept, opened; `undefined` where there is none, or none that opens. */
export interface KeptToken {
  readonly token: ObtainedToken | undefined
  readonly version: number
}

/** Where tokens are kept. */
export interface TokenShelf {
  read(place: TokenPlace): Promise<KeptToken | undefined>
  claim(place: TokenPlace, claim: string, forMs: number): Promise<KeptToken | undefined>
  save(place: TokenPlace, version: number, token: ObtainedToken): Promise<boolean>
  /** Lets others fetch the next token. Harmless where the claim has passed to another. */
  release(place: TokenPlace, claim: string): Promise<void>
}

/** Seals what is put on the shelf. `onUnreadable` hears of a token that was sealed with another secret: it counts as none. */
export function createTokenShelf(
  shelf: SealedShelf,
  secret: string,
  onUnreadable: (place: TokenPlace) => void,
): TokenShelf {
  const seal = createSeal(secret, 'access tokens')
  const opened = (place: TokenPlace, { sealed, version }: SealedToken): KeptToken => {
    if (sealed === undefined) return { token: undefined, version }
    const text = seal.open(sealed, nameOf(place))
    if (text === undefined) onUnreadable(place)
    return { token: text === undefined ? undefined : fromText(text), version }
  }
  return {
    async read(place) {
      const found = await shelf.read(place)
      return found && opened(place, found)
    },
    async claim(place, claim, forMs) {
      const found = await shelf.claim(place, claim, forMs)
      return found && opened(place, found)
    },
    save: (place, version, token) => shelf.save(place, version, seal.seal(JSON.stringify(token), nameOf(place))),
    release: (place, claim) => shelf.release(place, claim),
  }
}

function nameOf({ destination, name }: TokenPlace): string {
  return JSON.stringify([destination, name])
}

function fromText(text: string): ObtainedToken {
  const { expiresAt, ...token } = JSON.parse(text)
  return expiresAt === undefined ? token : { ...token, expiresAt: new Date(expiresAt) }
}
