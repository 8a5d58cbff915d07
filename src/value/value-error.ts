/** Why a value could not be worked out for one person. The message names the transform or rule, never the person's answer. */
export class ValueError extends Error {
  override readonly name = 'ValueError'
  /** `FG_VALUE_…`, listed in the error catalogue. */
  readonly code: string
  /** The transform that refused, where one did. */
  readonly transform: string | undefined

  constructor(code: string, message: string, transform?: string) {
    super(message)
    this.code = code
    this.transform = transform
  }
}
