import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Value } from 'typebox/value'
import { type FlowFile, FlowFileSchema } from '../../config/schema/flow.ts'
import { type FlowTest, type SourcesSaid, TestsFileSchema, testsOf } from '../../config/schema/tests.ts'
import type { JsonObject } from '../../plugin/json.ts'
import { CommandError } from '../outcome.ts'
import { readJsonFile, readYamlFile } from '../read-file.ts'
import { type FlowOnPhone, readFlowOnPhone } from './flow-on-phone.ts'
import { planFromAnswers, planFromSteps } from './plan.ts'
import type { Walk } from './simulate.ts'

/** Everything a simulation plays of one version of a flow. */
export interface Playbook {
  readonly flow: FlowOnPhone
  readonly walks: readonly Walk[]
  /** In the order written; empty where the flow has none, or only its Flow JSON is at hand. */
  readonly variants: readonly { readonly name: string; readonly weight: number }[]
}

export interface PlaybookOptions {
  /** Answers by screen, or a tests file, in place of the flow's own tests. */
  readonly fill?: string | undefined
  /** The Flow JSON, in place of the flow's own. */
  readonly flowJson?: string | undefined
}

/**
 * Reads what there is to play of the flow in `flows/<name>`; `name` may name a version, `<flow>@<version>`. The operator's
 * tests where there are any, else one walk with the answers given and invented ones for the rest. Throws a CommandError.
 */
export function readPlaybook(flows: string, name: string, options: PlaybookOptions): Playbook {
  const folder = join(flows, name)
  const file = readFlowFile(join(folder, 'flow.yaml'))
  const flow = flowOnPhone(options.flowJson ?? join(folder, 'flow.json'))
  const variants = Object.entries(file?.variants ?? {}).map(([variant, weight]) => ({ name: variant, weight }))
  const named = name.includes('@') ? file?.version : undefined
  const offer = file === undefined ? undefined : offerOf(file)
  const screens = Object.entries(file?.screens ?? {})
  const usual: Omit<Walk, 'title' | 'plan'> = {
    counting: new Set(screens.flatMap(([id, { way_out: out }]) => (out === undefined ? [] : [id]))),
    ...(offer === undefined ? {} : { offer }),
    ...(named === undefined ? {} : { about: { version: named } }),
  }
  const first = variants.find(({ weight }) => weight > 0)?.name
  const repeated = new Set(screens.flatMap(([id, { repeat }]) => (repeat === undefined ? [] : [id])))
  const walkOf = (test: FlowTest): Walk => {
    const variant = test.variant ?? first
    const other = test.version === undefined ? undefined : versionOnPhone(flows, name, test.version)
    const skipped = whyNot(test, repeated)
    return {
      ...usual,
      title: test.name,
      plan: () => planFromSteps(test.steps),
      straight: isStraight(test, repeated, offer !== undefined),
      about: { ...usual.about, ...aboutOf(test) },
      ...(variant === undefined ? {} : { variant }),
      ...(other === undefined ? {} : { flow: other }),
      ...(skipped === undefined ? {} : { skipped }),
    }
  }
  const own = join(folder, 'tests.yaml')
  const path = options.fill ?? (existsSync(own) ? own : undefined)
  const given = path === undefined ? {} : readYamlFile(path)
  if (Value.Check(TestsFileSchema, given)) return { flow, variants, walks: testsOf(given).map(walkOf) }
  const answers = answersFrom(given, path ?? '')
  const fields = Object.fromEntries(screens.map(([id, screen]) => [id, screen.fields ?? {}] as const))
  const title = path === undefined ? 'a person with invented answers' : `the answers of ${path}`
  return { flow, variants, walks: [{ ...usual, title, plan: () => planFromAnswers(answers, fields, new Date()) }] }
}

/** What a token says of the test's person. */
function aboutOf({ person, source, prefill, language, version }: FlowTest): NonNullable<Walk['about']> {
  return {
    ...(person === undefined ? {} : { person }),
    ...(source === undefined ? {} : { source }),
    ...(prefill === undefined ? {} : { prefill }),
    ...(language === undefined ? {} : { language }),
    ...(version === undefined ? {} : { version }),
  }
}

/** A running gateway's sources cannot be told to fail, nor to have given away what is asked for. */
function whyNot(test: FlowTest, repeated: ReadonlySet<string>): string | undefined {
  if (test.simulate === false) return 'the test says `simulate: false`'
  for (const said of [test.sources, ...test.steps.map(({ sources }) => sources)]) {
    const trouble = troubleIn(said ?? {})
    if (trouble !== undefined) return `the test says that ${trouble}, and a running gateway's sources cannot be told so`
  }
  const told = test.steps.findIndex(({ sources }) => sources !== undefined)
  const refused = test.steps.findIndex((step, index) =>
    index === told ? isSame(step) : told !== -1 && index > told && isRefused(step, repeated),
  )
  if (refused === -1) return undefined
  return `step ${refused + 1} is refused for what sources say by then, and a running gateway's cannot be told so`
}

/**
 * Whether a test can be left half-way and begun again: what is filled in again is not refused as it was, and who goes on
 * where they left has other screens behind them.
 */
function isStraight({ steps }: FlowTest, repeated: ReadonlySet<string>, jumps: boolean): boolean {
  return steps.every((step, index) => {
    if (step.reopen === true) return index === 0
    return step.back === true ? !jumps : !isRefused(step, repeated)
  })
}

/** Whether a step is to come back to its screen because something is wrong with its answers. */
function isRefused(step: TestStep, repeated: ReadonlySet<string>): boolean {
  return isSame(step) && !repeated.has(step.then)
}

/** Whether pressing the button is to show the same screen. */
function isSame({ screen, then, select, back, reopen }: TestStep): boolean {
  return select === undefined && back === undefined && reopen === undefined && screen === then
}

type TestStep = FlowTest['steps'][number]

function troubleIn(said: SourcesSaid): string | undefined {
  for (const [source, queries] of Object.entries(said)) {
    for (const [query, answer] of Object.entries(queries)) {
      if (answer === 'unavailable' || answer === 'taken') return `${query} of ${source} is ${answer}`
    }
  }
  return undefined
}

/**
 * What the first screen sends to go on where the form was left: the constants that its `resume` rule looks for. `undefined`
 * where there is no such rule.
 */
function offerOf({ sessions, first_screen, screens }: FlowFile): JsonObject | undefined {
  if (![sessions?.resume ?? []].flat().includes('offer')) return undefined
  const rule = screens[first_screen]?.next?.find(({ resume }) => resume === true)
  if (rule === undefined) return undefined
  const looked = Object.entries(rule.when ?? {}).flatMap(([path, wanted]) => {
    const name = /^(?:sent|form)\.([^.]+)$/.exec(path)?.[1]
    return name === undefined || typeof wanted === 'object' ? [] : [[name, wanted] as const]
  })
  return Object.fromEntries(looked)
}

function versionOnPhone(flows: string, name: string, version: string): FlowOnPhone {
  const [flow = ''] = name.split('@')
  const own = join(flows, `${flow}@${version}`, 'flow.json')
  return flowOnPhone(existsSync(own) ? own : join(flows, flow, 'flow.json'))
}

function flowOnPhone(path: string): FlowOnPhone {
  try {
    return readFlowOnPhone(readJsonFile(path))
  } catch (error) {
    if (error instanceof CommandError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new CommandError('FG_CLI_FILE', `${path}: ${why}. Export the Flow JSON again from the Flow Builder.`, {
      cause: error,
    })
  }
}

function readFlowFile(path: string): FlowFile | undefined {
  if (!existsSync(path)) return undefined
  const file = readYamlFile(path)
  if (Value.Check(FlowFileSchema, file)) return file
  throw new CommandError('FG_CLI_FILE', `${path} is not right yet. Run "flowgate check" to see what is wrong in it.`)
}

function answersFrom(given: unknown, path: string): Readonly<Record<string, JsonObject>> {
  const isMap = (value: unknown): value is JsonObject =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (isMap(given) && Object.values(given).every(isMap)) return given as Readonly<Record<string, JsonObject>>
  const shape = 'either "tests:" as in tests.yaml, or "SCREEN: { field: answer }"'
  throw new CommandError('FG_CLI_FILE', `${path} holds no answers. Write ${shape}.`)
}
