import { type StandIn, type StandInAnswer, type StandInRequest, startStandIn } from 'flowgate/plugin/testing'
import { cardEvents } from './teams-card.ts'

/** A message that a workflow has posted in its channel. */
export interface PostedCard {
  readonly text: string
  readonly card: Readonly<Record<string, unknown>>
}

/** A workflow of the stand-in; tests change its state. */
export interface Workflow {
  readonly url: string
  state: 'on' | 'off' | 'deleted'
  /** What people see in its channel, oldest first. */
  readonly posted: PostedCard[]
  /** Why messages that were accepted were shown to nobody. The sender never hears of it. */
  readonly failedRuns: string[]
}

/** A running stand-in for the webhooks of Teams workflows. */
export interface TeamsStandIn extends AsyncDisposable {
  /** The HTTP side: requests seen, and trouble. Its one route is `teamsRoute`. */
  readonly standIn: StandIn
  /** Makes a workflow with a URL of its own. */
  workflow(): Workflow
}

/** The route that every workflow is posted to. */
export const teamsRoute = 'POST /powerautomate/automations/direct/workflows/:id/triggers/manual/paths/invoke'

const mostBytes = 28 * 1024

/**
 * Starts a stand-in on 127.0.0.1 that behaves as the documentation says: it accepts whatever is signed (202) and finds out
 * later whether the card can be shown.
 */
export async function startTeams(): Promise<TeamsStandIn> {
  const workflows = new Map<string, { readonly signature: string; readonly workflow: Workflow }>()
  const standIn = await startStandIn({
    routes: { [teamsRoute]: (request) => answer(workflows.get(request.parameters['id'] ?? ''), request) },
  })
  return {
    standIn,
    workflow() {
      const id = `f${workflows.size + 1}a7c0`
      const signature = `signature-of-${id}`
      const path = teamsRoute.replace('POST ', '').replace(':id', id)
      const query = `api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${signature}`
      const workflow: Workflow = { url: `${standIn.url}${path}?${query}`, state: 'on', posted: [], failedRuns: [] }
      workflows.set(id, { signature, workflow })
      return workflow
    },
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}

function answer(
  known: { readonly signature: string; readonly workflow: Workflow } | undefined,
  request: StandInRequest,
): StandInAnswer {
  if (!known) return refusal(404, 'WorkflowNotFound')
  if (request.query.get('sig') !== known.signature) return refusal(401, 'DirectApiAuthorizationRequired')
  if (known.workflow.state !== 'on') return refusal(400, 'WorkflowTriggerIsNotEnabled')
  if (typeof request.body !== 'object') return refusal(400, 'InvalidRequestContent')
  run(known.workflow, request)
  return { status: 202, headers: { 'x-ms-workflow-run-id': '08584300000000000000' } }
}

function run(workflow: Workflow, { body, bytes }: StandInRequest): void {
  const message = body as { type?: unknown; attachments?: { contentType?: unknown; content?: unknown }[] }
  const [attachment] = message.attachments ?? []
  const card = attachment?.content
  const adaptive = attachment?.contentType === 'application/vnd.microsoft.card.adaptive'
  if (bytes.length > mostBytes) workflow.failedRuns.push('Request Entity too large')
  else if (message.type !== 'message' || !adaptive || typeof card !== 'object' || card === null) {
    workflow.failedRuns.push('the trigger brought no Adaptive Card')
  } else {
    const events = cardEvents(card as Record<string, unknown>)
    if (events.length > 0) workflow.failedRuns.push(...events)
    else workflow.posted.push({ text: bytes.toString(), card: card as Record<string, unknown> })
  }
}

function refusal(status: number, code: string): StandInAnswer {
  return { status, body: { error: { code, message: `The request could not be completed: ${code}.` } } }
}
