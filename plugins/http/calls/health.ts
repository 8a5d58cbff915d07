import { type Call, FailureError, type Health } from 'flowgate/plugin'
import { hostOf, type Line, send } from './line.ts'

/** Asks whether the API is there and knows us; writes nothing. `judge` says what a status that is no success means. */
export async function health(
  line: Line,
  path: string | undefined,
  call: Call,
  judge: (reply: Response) => FailureError,
): Promise<Health> {
  try {
    const reply = await send(line, { method: 'GET', url: `${line.baseUrl}${path ?? ''}`, body: null }, call)
    const failure = judge(reply)
    // Few APIs have anything at their bare address: any answer shows that they are there, unless it is about us.
    const aboutUs = reply.status === 401 || reply.status === 403
    const counts = path !== undefined || failure.failure.kind !== 'permanent' || aboutUs
    if (!reply.ok && counts) throw failure
    return { ok: true, account: hostOf(line) }
  } catch (error) {
    if (error instanceof FailureError) return { ok: false, failure: error.failure }
    throw error
  }
}
