import type { StandInAnswer, StandInRequest } from 'flowgate/plugin/testing'
import type { HubspotAccount } from './hubspot-account.ts'
import { notFound, type Refusal } from './hubspot-answers.ts'
import { type Pipeline, STAGE_PROPERTIES } from './hubspot-schema.ts'

/** `GET /crm/v3/pipelines/:object`. */
export function listPipelines(account: HubspotAccount, request: StandInRequest): StandInAnswer {
  const { name } = account.objectType(request.parameters['object'] ?? '')
  if (STAGE_PROPERTIES[name] === undefined) return notFound('resource not found')
  const time = new Date().toISOString()
  const frame = { archived: false, createdAt: time, updatedAt: time }
  const results = account.pipelines(name).map(({ id, label, stages }, displayOrder) => ({
    id,
    label,
    displayOrder,
    ...frame,
    stages: stages.map((stage, order) => ({ ...stage, displayOrder: order, metadata: {}, ...frame })),
  }))
  return { status: 200, body: { results } }
}

/** Why HubSpot would refuse where a record is to stand: by ids alone, and only in a stage of its own pipeline. */
export function refusedStages(
  object: string,
  written: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  pipelines: readonly Pipeline[],
): Refusal[] {
  const [pipelineName = '', stageName = ''] = STAGE_PROPERTIES[object] ?? []
  const refuse = (name: string, options: readonly string[]): Refusal => {
    const text = `${written[name]} was not one of the allowed options: [${options.join(', ')}]`
    return { name, code: 'INVALID_OPTION', text }
  }
  const ids = pipelines.map(({ id }) => id)
  if (written[pipelineName] && !ids.includes(written[pipelineName])) return [refuse(pipelineName, ids)]
  if (!written[stageName]) return []
  const pipeline = pipelines.find(({ id }) => id === (after[pipelineName] || ids[0]))
  const stages = (pipeline?.stages ?? []).map(({ id }) => id)
  return stages.includes(written[stageName]) ? [] : [refuse(stageName, stages)]
}
