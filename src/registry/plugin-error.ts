/** A plugin that cannot be used as it is. The message says what is wrong and what to do. */
export class PluginError extends Error {
  override readonly name = 'PluginError'
  /** `FG_PLUGIN_…`, listed in the error catalogue. */
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
