import type { JsonObject } from '../plugin/json.ts'
import type { Inquiry } from './inquiry.ts'
import type { Flow } from './model.ts'
import type { FlowRequest } from './request.ts'
import type { ScreenAnswer, Session } from './session.ts'

/** One request of one run, while it is decided what it comes to. */
export interface Turn {
  readonly flow: Flow
  /** As it was found, or begun. */
  readonly session: Session
  readonly request: FlowRequest
  readonly inquiry: Inquiry
}

/** The session after an answer that shows the last screen of `path`. */
export function moved(
  session: Session,
  request: FlowRequest,
  answer: ScreenAnswer,
  path: readonly string[],
  form: JsonObject,
): Session {
  const screen = path.at(-1) ?? session.screen
  return { ...session, screen, path, form, lastRequest: request.fingerprint, lastAnswer: answer }
}
