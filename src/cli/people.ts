import { systemClock } from '../clock.ts'
import { decideQuestion } from '../identify/decide-question.ts'
import { KEY_KINDS, soundKey } from '../identify/keys-of.ts'
import { maskWhole } from '../map/personal-words.ts'
import { openPersonQuestions, type PersonDecision, type PersonQuestion } from '../store/person-questions.ts'
import { findPersons, type PersonView, readKeys, readPerson, type StoredKey } from '../store/persons.ts'
import type { Sql } from '../store/pool.ts'
import { atDesk } from './desk.ts'
import type { Outcome } from './outcome.ts'
import { table } from './table.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Shows the person of an id or of one of its keys. Not ok where there is none. */
export function showPerson(
  asked: string,
  { reveal = false }: { readonly reveal?: boolean },
  env: Variables,
): Promise<Outcome> {
  return atDesk(env, async ({ pool }) => {
    const id = asked.startsWith('per_') ? asked : await personOfKey(pool, asked)
    const person = id === undefined ? undefined : await readPerson(pool, id)
    if (person === undefined) {
      const text =
        'There is no such person. Submissions are looked through within some seconds after they are accepted.'
      return { ok: false, text, json: { ok: false, error: { code: 'FG_CLI_PERSON', message: text } } }
    }
    const shown = {
      ...person,
      keys: person.keys.map((key) => ({ ...key, value: shownValue(key, reveal) })),
    }
    return {
      ok: true,
      text: [describePerson(shown), ...hint(reveal)].join('\n'),
      json: { ok: true, person: jsonOf(shown) },
    }
  })
}

/** Lists the open questions, the oldest first, with what is known of each of their people. */
export function listPersonQuestions(
  { limit, reveal = false }: { readonly limit: number; readonly reveal?: boolean },
  env: Variables,
): Promise<Outcome> {
  return atDesk(env, async ({ pool }) => {
    const open = await openPersonQuestions(pool, limit)
    const ids = [...new Set(open.flatMap(({ persons }) => persons))]
    const keys = (await readKeys(pool, ids)).map((key) => ({ ...key, value: shownValue(key, reveal) }))
    const keysOf = (person: string) => keys.filter(({ personId }) => personId === person)
    const known = ids.flatMap((id) => keysOf(id).map(({ kind, value }) => [id, kind, value]))
    const text =
      open.length === 0
        ? 'There is nothing to decide.'
        : [
            table(['QUESTION', 'PEOPLE', 'KEYS THAT DISAGREE', 'SUBMISSION', 'SINCE'], open.map(row)),
            '',
            table(['PERSON', 'KEY', 'VALUE'], known),
            ...hint(reveal),
          ].join('\n')
    const questions = open.map(({ submissionId, openedAt, ...rest }) => ({
      ...rest,
      keys: Object.fromEntries(rest.persons.map((id) => [id, keysOf(id).map(({ kind, value }) => ({ kind, value }))])),
      submission: submissionId,
      opened_at: openedAt.toISOString(),
    }))
    return { ok: true, text, json: { ok: true, questions } }
  })
}

/** Decides one question. Harmless when repeated; not ok where there is none of that id. */
export async function decidePeople(
  answer: { readonly id: string; readonly decision: 'same' | 'different'; readonly by: string | undefined },
  env: Variables,
): Promise<Outcome> {
  const result = await atDesk(env, ({ pool }) => decideQuestion({ pool, clock: systemClock }, answer))
  const text = describeDecision(answer, result)
  if (result.kind === 'not-found') {
    return { ok: false, text, json: { ok: false, error: { code: 'FG_CLI_PERSON_QUESTION', message: text } } }
  }
  return { ok: true, text, json: { ok: true, result: result.kind } }
}

function shownValue({ value }: StoredKey, reveal: boolean): string {
  return reveal ? value : maskWhole(value)
}

/** Masked, two people may look alike: so it is said how they are told apart. */
function hint(reveal: boolean): readonly string[] {
  return reveal ? [] : ['', 'Keys are masked, so different ones may look the same; --reveal shows them.']
}

async function personOfKey(sql: Sql, text: string): Promise<string | undefined> {
  const keys = KEY_KINDS.flatMap((kind) => {
    const value = soundKey(kind, text, 'verified')
    return value === undefined ? [] : [{ kind, value }]
  })
  return (await findPersons(sql, keys))[0]?.personId
}

function row({ id, persons, because, submissionId, openedAt }: PersonQuestion): readonly string[] {
  return [id, persons.join(' '), because, submissionId, openedAt.toISOString().slice(0, 16).replace('T', ' ')]
}

function describePerson({ id, keys, submissions }: PersonView): string {
  const day = (at: Date) => at.toISOString().slice(0, 16).replace('T', ' ')
  return [
    id,
    '',
    table(
      ['KEY', 'VALUE', 'FIRST SEEN', 'LAST SEEN'],
      keys.map(({ kind, value, firstSeenAt, lastSeenAt }) => [kind, value, day(firstSeenAt), day(lastSeenAt)]),
    ),
    '',
    table(
      ['SUBMISSION', 'FLOW', 'ACCEPTED'],
      submissions.map((submission) => [submission.id, submission.flow, day(submission.acceptedAt)]),
    ),
  ].join('\n')
}

function jsonOf({ id, keys, submissions }: PersonView) {
  return {
    id,
    keys: keys.map(({ kind, value, firstSeenAt, lastSeenAt }) => ({
      kind,
      value,
      first_seen_at: firstSeenAt.toISOString(),
      last_seen_at: lastSeenAt.toISOString(),
    })),
    submissions: submissions.map((submission) => ({
      id: submission.id,
      flow: submission.flow,
      accepted_at: submission.acceptedAt.toISOString(),
    })),
  }
}

function describeDecision(
  { id, decision }: { readonly id: string; readonly decision: string },
  result: PersonDecision,
): string {
  switch (result.kind) {
    case 'decided':
      return decision === 'same' ? `They are one person now: ${result.persons[0]}.` : 'They stay apart.'
    case 'already':
      return `${id} was decided already: ${result.decision}.`
    case 'not-found':
      return `There is no question ${id}. "flowgate people questions" lists those that are open.`
  }
}
