/** What a command is given of the world: its environment and somewhere to write. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Results. With `--json` this carries one JSON object and nothing else. */
  out(text: string): void
  /** Everything that is not a result: progress, errors, help after a mistake. */
  err(text: string): void
}

/** The terminal of this process. Where a reader such as `head` has had enough, what is left to say is dropped. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', dropForClosedReader)
  return {
    env: process.env,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  }
}

function dropForClosedReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
