import type { Message } from 'flowgate/plugin'
import { conformance, httpTrouble, type Stage } from 'flowgate/plugin/testing'
import type { TeamsConfig } from '../../plugins/teams/config.ts'
import teams from '../../plugins/teams/index.ts'
import { startTeams, teamsRoute } from '../stand-ins/teams.ts'

// Whether a signature is right cannot be asked without posting: the credentials refused are a URL of the old kind.
const refused = 'https://acme.webhook.office.com/webhookb2/4711@0815/IncomingWebhook/aa/bb'

async function teamsStage(): Promise<Stage<Message, TeamsConfig>> {
  const vendor = await startTeams()
  const workflow = vendor.workflow()
  // A workflow from the template takes every message, so the refusal is the recorded answer of one with a schema of its own.
  const refusal = { error: { code: 'TriggerInputSchemaMismatch', message: 'refuse Ana Souza Lima' } }
  vendor.standIn.misbehave({
    route: teamsRoute,
    when: (request) => request.bytes.toString().includes('refuse'),
    fault: { kind: 'status', status: 400, body: refusal },
  })
  return {
    ...httpTrouble(vendor.standIn, { writes: [teamsRoute] }),
    config: { url: workflow.url },
    refusedConfig: { url: refused },
    secrets: [workflow.url, new URL(workflow.url).searchParams.get('sig') ?? '', refused, 'Ana Souza Lima'],
    canTell: false,
    sample: (index) => ({
      title: `New lead ${index}: Ana Souza Lima`,
      facts: [{ label: 'E-mail', value: `ana@acme.example ${index}` }],
      link: { label: 'Open in HubSpot', url: `https://app.hubspot.com/contacts/1/record/0-1/${index}` },
      record: 'new',
    }),
    unacceptable: { title: 'refuse Ana Souza Lima', facts: [] },
    // A workflow keeps nothing of the key: what tells messages apart is their content.
    effects: (_key, input) => workflow.posted.filter(({ card }) => card['fallbackText'] === input.title).length,
    shown: () => workflow.posted.map(({ card }) => JSON.stringify(card)),
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  }
}

conformance({ name: 'teams', plugin: teams, stage: teamsStage })
