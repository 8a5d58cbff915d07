import type { FlowTest } from '../../config/schema/tests.ts'
import type { Flow } from '../../flow/model.ts'
import { SUCCESS } from '../../flow/session.ts'
import type { Step } from '../../flow/step.ts'
import type { JsonObject } from '../../plugin/json.ts'
import { notOffered } from '../simulator/choices.ts'
import type { Action, FlowOnPhone, PhoneScreen } from '../simulator/flow-on-phone.ts'
import { type Filled, fillAction, type Memory, newMemory, pressButton } from '../simulator/person.ts'
import { refusalWords } from '../simulator/refusal.ts'
import { findSelection } from '../simulator/selection.ts'
import { againstPlan, atPlan, faultLines } from './problem-words.ts'
import { createRunOfTest, type Ended, type RunOfTest, type Sent } from './run-of-test.ts'
import { shownDifferences } from './shown.ts'
import type { ToldAsking } from './told-asking.ts'

/** Where an operator's test came to: how it ended, what is held for the person, and everything that was not as written. */
export interface Played {
  readonly ended: Ended | undefined
  readonly held: JsonObject
  readonly problems: readonly string[]
}

export interface PlayOptions {
  readonly flow: Flow
  /** The Flow JSON of the same version, read as a phone reads it. */
  readonly phone: FlowOnPhone
  readonly asking: ToldAsking
  readonly now: Date
}

type TestStep = FlowTest['steps'][number]

interface Course {
  readonly phone: FlowOnPhone
  readonly run: RunOfTest
  readonly asking: ToldAsking
  memory: Memory
  /** The screens the phone would go back through, the one the person sees last; SUCCESS once the form is closed. */
  stack: readonly string[]
  /** The last answer, where the last step asked the gateway. */
  answered: Step | undefined
  readonly problems: string[]
}

/** Plays one test through the gateway's own rules, without a server or a database. Stops at the first step that goes wrong. */
export async function playTest(test: FlowTest, { flow, phone, asking, now }: PlayOptions): Promise<Played> {
  const run = createRunOfTest(flow, test, { asking, now }, phone.version)
  const course: Course = { phone, run, asking, memory: newMemory(), stack: [], answered: undefined, problems: [] }
  asking.tell(test.sources)
  await open(course, 'INIT')
  for (const [index, step] of test.steps.entries()) {
    if (course.problems.length > 0) break
    await takeStep(course, `step ${index + 1}`, step)
  }
  return { ended: run.ended(), held: run.held(), problems: course.problems }
}

async function takeStep(course: Course, name: string, step: TestStep): Promise<void> {
  const from = placeOf(course)
  if (step.reopen !== true && step.screen !== from) {
    const place = from === SUCCESS ? 'the form is closed already' : `the person is on ${from}`
    course.problems.push(`${name} is on ${step.screen}, but ${place}`)
    return
  }
  course.asking.tell(step.sources)
  course.answered = undefined
  await act(course, name, step)
  if (course.problems.length > 0) return
  const place = atPlan(placeOf(course))
  if (place !== step.then) {
    const leader = step.reopen === true ? 'opening it again' : (step.screen ?? '')
    course.problems.push(
      `${name}: ${leader} was expected to lead to ${step.then} and led to ${place}`.concat(
        againstPlan(course.answered, toldOn(course)),
      ),
    )
    return
  }
  const shown = course.memory.shown.get(placeOf(course)) ?? {}
  course.problems.push(
    ...shownDifferences(step.shows ?? {}, shown).map((difference) => `${name}: ${step.then} shows ${difference}`),
  )
}

async function act(course: Course, name: string, step: TestStep): Promise<void> {
  if (step.reopen === true) return open(course, name)
  const screen = course.phone.screens.get(step.screen ?? '')
  // Checking the configuration has refused screens that are not in the Flow JSON.
  if (screen === undefined) return
  if (step.back === true) return goBack(course, name, screen)
  if (step.select !== undefined) return select(course, name, screen, step.select)
  return press(course, name, screen, step)
}

/** The phone forgets what it showed and typed. */
async function open(course: Course, name: string): Promise<void> {
  course.memory = newMemory()
  course.stack = []
  await ask(course, name, { action: 'INIT', screen: '', data: {} })
}

async function goBack(course: Course, name: string, screen: PhoneScreen): Promise<void> {
  if (screen.refreshOnBack) return ask(course, name, { action: 'BACK', screen: screen.id, data: {} })
  if (course.stack.length < 2) course.problems.push(`${name}: there is no screen behind ${screen.id} to go back to`)
  else course.stack = course.stack.slice(0, -1)
}

async function select(course: Course, name: string, screen: PhoneScreen, chosen: JsonObject): Promise<void> {
  const found = findSelection(screen, chosen, course.memory)
  if (!found.ok) {
    course.problems.push(`${name}: ${found.reason}`)
    return
  }
  const { action, payload, form } = found
  if (!canBeChosen(course, name, screen, chosen, action)) return
  course.memory.selected.set(screen.id, form)
  course.memory.answered.set(screen.id, form)
  await ask(course, name, { action: 'data_exchange', screen: screen.id, data: payload })
}

async function press(course: Course, name: string, screen: PhoneScreen, { fill = {}, then }: TestStep): Promise<void> {
  const aside = Object.keys(fill).length > 0 ? undefined : linkTo(screen, then)
  const action = aside ?? screen.press
  if (action === undefined) {
    course.problems.push(`${name}: ${screen.id} has no button that leads anywhere`)
    return
  }
  // What is to be refused may be what only a forged or an outdated request brings.
  const sender = then === screen.id ? 'anybody' : 'phone'
  if (sender === 'phone' && !canBeChosen(course, name, screen, fill)) return
  const { memory } = course
  const filled = aside === undefined ? pressButton(screen, fill, memory, sender) : fillAction(screen, aside, {}, memory)
  if (!canBeSent(course, name, screen, filled)) return
  const { payload } = filled
  if (action.name === 'data_exchange') {
    return ask(course, name, { action: 'data_exchange', screen: screen.id, data: payload })
  }
  show(course, action.name === 'complete' ? SUCCESS : (action.next ?? ''), payload)
}

/** A link that leads to this screen without asking, where the button, or the first link, does something else. */
function linkTo({ press, actions }: PhoneScreen, then: string): Action | undefined {
  if (press?.name === 'navigate' && press.next === then) return undefined
  return actions.find(({ name, next }) => name === 'navigate' && next === then)
}

function canBeChosen(course: Course, name: string, screen: PhoneScreen, answers: JsonObject, action?: Action): boolean {
  const wrong = notOffered(screen, answers, course.memory, action).map(
    ({ name: field, missing, offered }) =>
      `${name}: ${screen.id} does not offer ${missing.join(', ')} for ${field}: it offers ${offered.join(', ') || 'nothing'}`,
  )
  course.problems.push(...wrong)
  return wrong.length === 0
}

function canBeSent(course: Course, name: string, screen: PhoneScreen, { unsent, payload }: Filled): boolean {
  if (unsent.length === 0) return true
  const sent = Object.keys(payload).join(', ') || 'nothing'
  course.problems.push(
    `${name}: nobody can type ${unsent.join(', ')} on ${screen.id}: its button sends ${sent} as the Flow JSON says`,
  )
  return false
}

async function ask(course: Course, name: string, sent: Sent): Promise<void> {
  const step = await course.run.send(sent)
  const unanswered = course.asking.takeProblems()
  if (unanswered.length > 0) {
    course.problems.push(...unanswered.map((problem) => `${name}: ${problem}`))
    return
  }
  if (step === 'expired') {
    course.problems.push(`${name}: the form is over: its phone is told messages.expired`)
    return
  }
  course.answered = step
  course.problems.push(...faultLines(step).map((line) => `${name}: ${line}`))
  show(course, step.answer.screen, step.answer.data)
}

/** The phone shows a screen: forward, the same again, or one it came from. */
function show(course: Course, screen: string, data: JsonObject): void {
  course.memory.shown.set(screen, data)
  const at = course.stack.lastIndexOf(screen)
  course.stack = at === -1 ? [...course.stack, screen] : course.stack.slice(0, at + 1)
}

/** What the screen the person sees says is wrong. */
function toldOn(course: Course): string {
  const screen = course.phone.screens.get(placeOf(course))
  return screen === undefined ? '' : refusalWords(screen, course.memory)
}

function placeOf({ stack }: Course): string {
  return stack.at(-1) ?? ''
}
