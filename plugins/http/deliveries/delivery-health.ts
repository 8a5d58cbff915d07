import type { Call, Health } from 'flowgate/plugin'
import { commonFailure, stops } from '../calls/failure.ts'
import { health } from '../calls/health.ts'
import { hostOf, type Line } from '../calls/line.ts'

/** Whether the API is there and knows us. Writes nothing. */
export function deliveryHealth(line: Line, path: string | undefined, call: Call): Promise<Health> {
  const host = hostOf(line)
  return health(line, path, call, ({ status, headers }) => {
    const common = commonFailure(status, headers, { codes: line.codes, host, now: line.context.now() })
    return common ?? stops('FG_HTTP_ADDRESS', `${host} has nothing at \`health\` (${status}): correct it.`)
  })
}
