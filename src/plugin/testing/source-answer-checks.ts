import assert from 'node:assert/strict'
import type { Query } from '../definition.ts'
import type { SourceStage, StageQuestion } from './source-stage.ts'
import { failureOfQuestion, read, type SourceConformanceCheck } from './source-trial.ts'
import { call, describe, lent } from './trial.ts'

/** What a source answers when nothing is wrong. */
export const answerChecks: readonly SourceConformanceCheck[] = [
  {
    name: 'the queries it describes are those it answers',
    async run({ plugin, stage }) {
      const { readFile } = lent(stage.context).context
      const described = await plugin.queries?.(stage.config, { readFile })
      // Any query may be asked: there is nothing to describe.
      if (described === undefined) return
      for (const [purpose, question] of questionsOf(stage)) assertDescribed(described, purpose, question)
    },
  },
  {
    name: 'a question is answered with what is there',
    async run(trial) {
      const { stage } = trial
      const source = await trial.configure(stage.config)
      for (const index of [0, 1, 0]) {
        const { answer, ...question } = stage.known(index)
        const cure = 'Answer rows as a list of objects, or other JSON, and let asking change nothing.'
        assert.deepEqual(
          await read(source, question),
          answer,
          `A question was not answered with what is there. ${cure}`,
        )
      }
      await source.close()
    },
  },
  {
    name: 'nothing found is an empty list or null',
    async run(trial) {
      const { stage } = trial
      const source = await trial.configure(stage.config)
      const cure = 'Nothing found is no failure: answer an empty list, or null.'
      const answer = await read(source, stage.nothing).catch(() => assert.fail(`What finds nothing failed. ${cure}`))
      await source.close()
      const nothing = answer === null || (Array.isArray(answer) && answer.length === 0)
      assert.ok(nothing, `What finds nothing was answered with something else than nothing. ${cure}`)
    },
  },
  {
    name: 'an unknown query is a permanent failure',
    async run(trial) {
      const { stage } = trial
      const unknown = { ...stage.known(0), query: 'no_query_of_that_name' }
      const cure = 'Throw a FailureError of kind permanent that names the query and says where queries are written.'
      const failure = await failureOfQuestion(trial, stage.config, unknown, `An unknown query was answered. ${cure}`)
      assert.equal(failure?.kind, 'permanent', `An unknown query was reported as ${describe(failure)}. ${cure}`)
    },
  },
  {
    name: 'questions at once do not mix',
    async run(trial) {
      const { stage } = trial
      const source = await trial.configure(stage.config)
      const questions = Array.from({ length: 10 }, (_, index) => stage.known(index))
      const alone = []
      for (const question of questions) alone.push(await read(source, question))
      const atOnce = await Promise.allSettled(questions.map((question) => read(source, question)))
      await source.close()
      const keepApart = 'Keep what belongs to one question in the call, never on the instance or the module.'
      for (const [index, result] of atOnce.entries()) {
        assert.equal(result.status, 'fulfilled', `One of 10 questions at once failed. ${keepApart}`)
        if (result.status !== 'fulfilled') continue
        assert.deepEqual(result.value, alone[index], `Of 10 questions at once one got another's answer. ${keepApart}`)
      }
    },
  },
  {
    name: 'health says yes and names whose account answers',
    async run(trial) {
      const source = await trial.configure(trial.stage.config)
      const health = await source.health(call('health'))
      await source.close()
      const heard = health.ok ? 'yes' : describe(health.failure)
      assert.ok(health.ok, `With working settings health said ${heard}. Ask only whether the credentials work.`)
      assert.ok(health.account, 'health names no account. Say in Health.account what answered, without credentials.')
    },
  },
]

function questionsOf(stage: SourceStage<unknown>): readonly (readonly [Query['purpose'], StageQuestion])[] {
  const { reservations } = stage
  if (reservations === undefined)
    return [
      ['read', stage.known(0)],
      ['read', stage.nothing],
    ]
  const parameters = reservations.parameters(0)
  return [
    ['read', stage.known(0)],
    ['read', stage.nothing],
    ['reserve', { query: reservations.reserve, parameters }],
    ['release', { query: reservations.release, parameters }],
  ]
}

function assertDescribed(queries: readonly Query[], purpose: string, { query, parameters }: StageQuestion): void {
  const cure = 'Let queries() tell what read, reserve and release take: a flow is checked against it.'
  const one = queries.find(({ name }) => name === query)
  assert.ok(one, `queries() does not describe ${query}, which is asked. ${cure}`)
  assert.equal(one.purpose, purpose, `queries() describes ${query} as ${one.purpose}, not ${purpose}. ${cure}`)
  const lacking = one.parameters.filter((name) => !Object.hasOwn(parameters, name))
  const needs = `queries() says that ${query} needs ${lacking.join(', ')}, and it is asked without.`
  assert.deepEqual(lacking, [], `${needs} ${cure}`)
}
