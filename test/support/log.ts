import { createLog, type Log } from '../../src/log.ts'

/** A log that keeps its lines for a test to read, in place of standard output. */
export function keptLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = []
  return { log: createLog({ level: 'debug', destination: { write: (line) => lines.push(line) } }), lines }
}
