import type { SourceSettings } from '../../config/configuration.ts'
import type { SourcesSaid } from '../../config/schema/tests.ts'
import type { Asking, Question, Reply } from '../../flow/asking.ts'
import type { Json } from '../../plugin/json.ts'
import type { OfflineSources } from './offline-sources.ts'

/** How a test's exchanges ask: what the test says sources say, and what sources that reach nobody say themselves. */
export interface ToldAsking extends Asking {
  /** From now on sources say this; what it does not speak of stays as it was. */
  tell(said: SourcesSaid | undefined): void
  /** What was asked and nobody answered, each as what to write. Empty again afterwards. */
  takeProblems(): readonly string[]
}

/** What a test writes where a source cannot answer, or where somebody else has what is to be reserved. */
const UNAVAILABLE = 'unavailable'
const TAKEN = 'taken'

/** An asking to which nothing was said yet. `sources` are the configuration's, for what they declare where they fail. */
export function createToldAsking(
  sources: ReadonlyMap<string, SourceSettings>,
  offline: Pick<OfflineSources, 'read'>,
): ToldAsking {
  const said = new Map<string, Json>()
  const problems = new Set<string>()

  const answerTo = (source: string, query: string): Json | undefined => said.get(nameOf(source, query))
  const unavailable = (source: string): Extract<Reply, { kind: 'unavailable' }> => ({
    kind: 'unavailable',
    fallback: sources.get(source)?.ifUnavailable.find((each) => each !== 'stale'),
  })

  const ask = async ({ source, query, parameters }: Question): Promise<Reply> => {
    const told = answerTo(source, query)
    if (told === UNAVAILABLE) return unavailable(source)
    if (told !== undefined) return { kind: 'answered', value: told }
    const found = await offline.read(source, query, parameters)
    if (found?.ok === true) return { kind: 'answered', value: found.value }
    problems.add(
      found === undefined
        ? `${source} is asked ${query}${withWords(parameters)} and nothing says what it answers: write \`sources: { ${source}: { ${query}: … } }\``
        : `${source} was asked ${query}${withWords(parameters)} and failed: ${found.reason}`,
    )
    return unavailable(source)
  }

  return {
    ask,
    async reserve({ source, reserve }) {
      const told = answerTo(source, reserve)
      if (told === TAKEN) return { kind: 'taken' }
      if (told === UNAVAILABLE) return unavailable(source)
      return { kind: 'held', value: told ?? true }
    },
    tell(more) {
      for (const [source, queries] of Object.entries(more ?? {})) {
        for (const [query, answer] of Object.entries(queries)) said.set(nameOf(source, query), answer)
      }
    },
    takeProblems() {
      const found = [...problems]
      problems.clear()
      return found
    },
  }
}

function nameOf(source: string, query: string): string {
  return `${source}\n${query}`
}

function withWords(parameters: Question['parameters']): string {
  const words = Object.entries(parameters).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  return words.length === 0 ? '' : ` (${words.join(', ')})`
}
