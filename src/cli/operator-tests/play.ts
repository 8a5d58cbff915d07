import type { FlowTest } from '../../config/schema/tests.ts'
import { exchange, type Step } from '../../flow/exchange.ts'
import type { Flow } from '../../flow/model.ts'
import { readRequest } from '../../flow/request.ts'
import { type Session, SUCCESS } from '../../flow/session.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'

/** Where an operator's test came to: the finished session where it was submitted, and everything that was not as written. */
export interface Played {
  readonly submitted: Session | undefined
  readonly problems: readonly string[]
}

interface Course {
  readonly flow: Flow
  session: Session
  /** The screen the person sees, or SUCCESS. */
  at: string
  /** Answers given on screens that do not ask the endpoint, until one that does sends them along. */
  carried: JsonObject
  readonly problems: string[]
}

/** Plays one test through the gateway's own rules, without a server or a database. Stops at the first step that goes wrong. */
export async function playTest(flow: Flow, test: FlowTest, now: Date): Promise<Played> {
  const session = sessionOf(flow, test, now)
  const course: Course = { flow, session, at: flow.firstScreen, carried: {}, problems: [] }
  take(course, 'INIT', await ask(course, 'INIT', '', {}))
  for (const [index, step] of test.steps.entries()) {
    if (course.problems.length > 0) break
    const name = `step ${index + 1}`
    if (step.screen !== course.at) {
      const place = course.at === SUCCESS ? 'the form is submitted already' : `the person is on ${course.at}`
      course.problems.push(`${name} is on ${step.screen}, but ${place}`)
    } else {
      await takeStep(course, name, step)
    }
  }
  return { submitted: course.at === SUCCESS ? course.session : undefined, problems: course.problems }
}

async function takeStep(course: Course, name: string, step: FlowTest['steps'][number]): Promise<void> {
  const { flow } = course
  const screen = flow.screens.get(step.screen)
  const leadsAlone = screen?.next.length === 0 && flow.flowJson.screens.get(step.screen)?.navigatesTo.has(step.then)
  if (leadsAlone) {
    course.carried = { ...course.carried, ...step.fill }
    course.at = step.then
    return
  }
  const declared = Object.entries(course.carried).filter(([key]) => screen?.fields.has(key))
  const data = { ...Object.fromEntries(declared), ...step.fill }
  const taken = await ask(course, 'data_exchange', step.screen, data)
  take(course, name, taken)
  const place = course.at === SUCCESS ? 'submitted' : course.at
  if (place === step.then) return
  const refused = taken.refused ? `: ${taken.refused.join(', ')} refused${said(taken.answer.data)}` : ''
  course.problems.push(`${name}: ${step.screen} was expected to lead to ${step.then} and led to ${place}${refused}`)
}

/** What the person was told, for a step that was refused against the plan. */
function said(data: JsonObject): string {
  const words = textsIn(Object.fromEntries(Object.entries(data).filter(([key]) => /error/.test(key))))
  return words.length === 0 ? '' : ` (${[...new Set(words)].join('; ')})`
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

function ask(course: Course, action: string, screen: string, data: JsonObject): Promise<Step> {
  const payload = { version: '3.0', action, screen, data, flow_token: course.session.token }
  return exchange(course.flow, course.session, readRequest(payload))
}

function take(course: Course, name: string, step: Step): void {
  course.at = step.answer.screen
  if (step.kind !== 'stay') course.session = { ...step.session, revision: course.session.revision + 1 }
  for (const { path, message } of step.rejected?.faults ?? []) {
    const place = path === '' ? step.rejected?.screen : `${step.rejected?.screen}.${path}`
    course.problems.push(`${name}: the answer does not fit the Flow JSON: ${place}: ${message}`)
  }
}

function sessionOf(flow: Flow, test: FlowTest, now: Date): Session {
  return {
    id: 'ses_test',
    flow: flow.name,
    token: 'a token of flowgate test',
    version: flow.version,
    revision: 0,
    screen: flow.firstScreen,
    form: test.prefill ?? {},
    path: [],
    person: test.person ?? {},
    source: test.source ?? {},
    language: undefined,
    lastRequest: undefined,
    lastAnswer: undefined,
    submissionId: undefined,
    createdAt: now,
    updatedAt: now,
    expiresAt: new Date(now.getTime() + flow.idleExpirySeconds * 1000),
    purgeAt: new Date(now.getTime() + flow.purgeAfterSeconds * 1000),
  }
}
