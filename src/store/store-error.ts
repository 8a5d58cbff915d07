/** What the store cannot get past without a person. The message says what is wrong and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  /** `FG_STORE_…`, listed in the error catalogue. */
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
