import { FailureError } from 'flowgate/plugin'
import type { HubspotApi, Labelled, Pipeline } from '../calls/api.ts'
import { ProblemError } from '../calls/problem.ts'
import { standardObject } from '../object-types.ts'
import { Kept } from './kept.ts'

const KEEP = { forMs: 5 * 60_000, most: 100 }
/** As many names as fit into a message that people still read. */
const NAMES_SHOWN = 30

/** The names of the two properties that say where a record stands. */
export interface StageProperties {
  readonly pipeline: string
  readonly stage: string
}

/** Under which names an object keeps them. */
export function stageProperties(object: string): StageProperties {
  return standardObject(object) === 'deals'
    ? { pipeline: 'pipeline', stage: 'dealstage' }
    : { pipeline: 'hs_pipeline', stage: 'hs_pipeline_stage' }
}

/** Turns pipelines and stages into the ids that HubSpot wants, by id or label, and finds mistakes before anything is written. */
export class Pipelines {
  readonly #kept: Kept<readonly Pipeline[]>

  constructor(now: () => Date) {
    this.#kept = new Kept(KEEP, now)
  }

  /**
   * The values with ids in place of labels. A stage that only one pipeline has brings its pipeline along. Values of an object
   * without pipelines stay as they are. Rejects with the names that are known where one is not.
   */
  async resolve(
    api: HubspotApi,
    object: string,
    values: Readonly<Record<string, string>>,
  ): Promise<Record<string, string>> {
    const { pipeline, stage } = stageProperties(object)
    if (!values[pipeline] && !values[stage]) return { ...values }
    const kept = this.#kept.get(object)
    if (kept !== undefined) {
      const found = chosen(kept, values, { pipeline, stage })
      if (typeof found !== 'string') return { ...values, ...found }
      // It may have been made since.
    }
    const pipelines = await pipelinesOf(api, object)
    if (pipelines.length === 0) return { ...values }
    this.#kept.keep(object, pipelines)
    const found = chosen(pipelines, values, { pipeline, stage })
    if (typeof found !== 'string') return { ...values, ...found }
    throw unknown(object, found, pipelines, values, { pipeline, stage })
  }
}

/** None where the object has none, or nobody can be asked: HubSpot itself judges the values then. */
async function pipelinesOf(api: HubspotApi, object: string): Promise<readonly Pipeline[]> {
  try {
    return await api.pipelines(object)
  } catch (error) {
    if (error instanceof ProblemError && error.isNoRoute) return []
    throw error
  }
}

/** The two ids, or the name of the property whose value is not known or could be several. */
function chosen(
  pipelines: readonly Pipeline[],
  values: Readonly<Record<string, string>>,
  names: StageProperties,
): Readonly<Record<string, string>> | string {
  const wanted = values[names.pipeline]
  const pipeline = wanted ? named(pipelines, wanted) : undefined
  if (wanted && pipeline === undefined) return names.pipeline
  const stage = values[names.stage]
  if (!stage) return pipeline === undefined ? {} : { [names.pipeline]: pipeline.id }
  const among = pipeline === undefined ? pipelines : [pipeline]
  const found = among.flatMap((each) => {
    const one = named(each.stages, stage)
    return one === undefined ? [] : [{ [names.pipeline]: each.id, [names.stage]: one.id }]
  })
  const [only, ...others] = found
  return only === undefined || others.length > 0 ? names.stage : only
}

/** By id first: what HubSpot calls by a label may be the id of another. */
function named<Item extends Labelled>(items: readonly Item[], wanted: string): Item | undefined {
  const label = wanted.trim().toLowerCase()
  return items.find(({ id }) => id === wanted) ?? items.find((item) => item.label.trim().toLowerCase() === label)
}

/** Without the value: it may have come from a form. Names of pipelines and stages are the account's own. */
function unknown(
  object: string,
  property: string,
  pipelines: readonly Pipeline[],
  values: Readonly<Record<string, string>>,
  names: StageProperties,
): FailureError {
  const isStage = property === names.stage
  const pipeline = named(pipelines, values[names.pipeline] ?? '')
  const known = isStage
    ? (pipeline === undefined ? pipelines : [pipeline]).flatMap((each) =>
        each.stages.map(({ label }) => (pipeline === undefined ? `${each.label}: ${label}` : label)),
      )
    : pipelines.map(({ label }) => label)
  const shown = known.slice(0, NAMES_SHOWN).join(', ') + (known.length > NAMES_SHOWN ? ', …' : '')
  const what = isStage && pipeline === undefined ? `no stage, or several, of the name` : 'nothing of the name'
  const cure = isStage && pipeline === undefined ? ` Where several pipelines have it, set ${names.pipeline} too.` : ''
  return new FailureError({
    kind: 'permanent',
    scope: 'record',
    code: isStage ? 'FG_HUBSPOT_STAGE_UNKNOWN' : 'FG_HUBSPOT_PIPELINE_UNKNOWN',
    message: `HubSpot has ${what} in ${property} of ${object}. It has: ${shown}.${cure} Correct the mapping, then replay.`,
    fields: [property],
  })
}
