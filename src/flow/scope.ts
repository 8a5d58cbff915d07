import type { Json, JsonObject } from '../plugin/json.ts'
import type { Scope } from '../value/scope.ts'
import { outcomesThatHold } from './check-outcome.ts'
import { type Flow, flowScope } from './model.ts'
import type { FlowRequest } from './request.ts'
import { leftBehind } from './resume.ts'
import { type Session, sessionScope } from './session.ts'

/** One moment of an exchange, as values see it. */
export interface Moment {
  readonly session: Session
  /** The screen that is answered or about to be shown. */
  readonly screen: string
  readonly request: FlowRequest
  readonly now: Date
  /** What sources answered, by the name of the ask. */
  readonly asked: JsonObject
  /** What the flow's own values come to, by name. */
  readonly values: JsonObject
}

/** What values, conditions and words of a flow may refer to at one moment of an exchange. */
export function scopeOf(flow: Flow, { session, screen, request, now, asked, values }: Moment): Scope {
  const left = flow.resume.offer ? leftBehind(session, screen).at(-1) : undefined
  const round = roundOf(flow, session, screen)
  return {
    form: session.form,
    person: session.person,
    session: {
      ...sessionScope(session, flow.dayOf(now)),
      // A phone walks on by itself where a screen navigates, so the request knows better than the session.
      ...(flow.flowJson.screens.has(request.screen) ? { screen: request.screen } : {}),
      ...(left === undefined ? {} : { left_at: left }),
      ...(round === undefined ? {} : { round }),
    },
    flow: flowScope(flow),
    data: shownData(session, screen) ?? {},
    sent: request.action === 'data_exchange' ? request.data : {},
    asked,
    values,
    checks: outcomesThatHold(flow, session),
    records: {},
  }
}

/** What a screen showed last, as far as the session still knows: without the snackbar of that moment. */
export function shownData(session: Session, screen: string): JsonObject | undefined {
  if (session.lastAnswer?.screen !== screen) return undefined
  const { error_message: _said, ...data } = session.lastAnswer.data
  return data
}

/** Which round of a repeated screen this is, from 1. */
function roundOf(flow: Flow, session: Session, screen: string): number | undefined {
  const repeat = flow.screens.get(screen)?.repeat
  return repeat === undefined ? undefined : collected(session.form, repeat.into).length + 1
}

/** The list a repeated screen has collected so far. */
export function collected(form: JsonObject, into: string): readonly Json[] {
  const list = form[into]
  return Array.isArray(list) ? list : []
}
