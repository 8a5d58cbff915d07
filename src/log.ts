import { type DestinationStream, destination as fileDestination, pino } from 'pino'
import { masked } from './masking.ts'

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
export type LogFields = Readonly<Record<string, unknown>>

/** Structured log lines: `log.info({ deliveryId }, 'delivery.attempted')`. Events are `noun.participle`. No call throws. */
export interface Log {
  debug(fields: LogFields, event: string): void
  info(fields: LogFields, event: string): void
  warn(fields: LogFields, event: string): void
  error(fields: LogFields, event: string): void
  /** A log whose every line carries these fields as well. */
  with(fields: LogFields): Log
}

export interface LogOptions {
  readonly level: LogLevel
  /** Which part of the program speaks, for example `web`. */
  readonly name?: string
  /** Where lines go, each one JSON object and a line feed. Default: standard output, written at once. */
  readonly destination?: { write(line: string): void }
}

type Write = Record<'debug' | 'info' | 'warn' | 'error', (fields: object, event: string) => void>

/** A log in JSON lines with ISO time. Secrets, credentials in URLs and a person's answers are masked by key, at any depth. */
export function createLog({ level, name, destination }: LogOptions): Log {
  const lines = pino(
    {
      level,
      base: name === undefined ? {} : { name },
      messageKey: 'event',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination === undefined ? standardOutput() : destination,
  )
  return over(lines, {})
}

function over(lines: Write, always: LogFields): Log {
  const at = (level: keyof Write) => (fields: LogFields, event: string) => {
    try {
      lines[level](masked({ ...always, ...fields }), event)
    } catch {
      // A line that cannot be written must not stop the work it tells of.
    }
  }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => over(lines, { ...always, ...fields }),
  }
}

function standardOutput(): DestinationStream {
  const stream = fileDestination({ dest: 1, sync: true })
  // A full disk or a closed pipe on standard output is not a reason to lose a submission.
  stream.on('error', () => {})
  return stream
}
