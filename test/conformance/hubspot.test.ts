import type { CrmRecord } from 'flowgate/plugin'
import { conformance, httpTrouble, type Stage } from 'flowgate/plugin/testing'
import plugin from '../../plugins/hubspot/index.ts'
import type { HubspotConfig } from '../../plugins/hubspot/settings.ts'
import { type HubspotStandIn, startHubspotStandIn } from '../stand-ins/hubspot.ts'
import { dated, HUBSPOT_WRITES } from '../stand-ins/hubspot-routes.ts'

const TOKEN = 'pat-eu1-11111111-accepted'
const REFUSED_TOKEN = 'pat-eu1-22222222-refused'

// Records that are made anew, or known already, are not looked for.
const ANEW = ['look-up', 'updates', 'twins'] as const

type HubspotStage = Stage<CrmRecord, HubspotConfig>

conformance({ name: 'hubspot, contacts by e-mail', plugin, stage: contactStage })
conformance({ name: 'hubspot, deals by submission', plugin, without: ANEW, stage: dealStage })
conformance({ name: 'hubspot, known contacts by id', plugin, without: ANEW, stage: knownStage })
conformance({ name: 'hubspot, notes with files, by an app on dated paths', plugin, without: ANEW, stage: noteStage })

async function contactStage(): Promise<HubspotStage> {
  const standIn = await startHubspotStandIn({ token: TOKEN })
  const email = (index: number) => `person-${index}@acme.example`
  const record = (index: number, fields: CrmRecord['fields']): CrmRecord => ({
    id: 'contact',
    object: 'contacts',
    operation: 'upsert',
    match: 'email',
    fields: { email: email(index), firstname: `Firstname-${index}`, jobtitle: `Jobtitle-${index}`, ...fields },
    links: [],
  })
  return {
    ...frame(standIn),
    secrets: [TOKEN, REFUSED_TOKEN, 'Firstname-', 'Jobtitle-', '@acme.example', 'Unheard-of status'],
    sample: (index) => record(index, {}),
    unacceptable: record(0, { hs_lead_status: 'Unheard-of status' }),
    effects: (_key, input) =>
      standIn.contacts().filter(({ properties }) => properties['email'] === input.fields['email']).length,
    records: {
      lookUp: (index) => ({
        object: 'contacts',
        field: 'email',
        value: email(index),
        fields: ['firstname', 'jobtitle'],
      }),
      clears: 'jobtitle',
      canUpdate: true,
      twins() {
        for (const name of ['first', 'second']) standIn.addContact({ email: `${name}@acme.example`, company: 'Twins' })
        return { object: 'contacts', field: 'company', value: 'Twins', fields: [] }
      },
    },
  }
}

async function dealStage(): Promise<HubspotStage> {
  const standIn = await startHubspotStandIn({ token: TOKEN })
  const record = (index: number, fields: CrmRecord['fields']): CrmRecord => ({
    id: 'deal',
    object: 'deals',
    operation: 'create',
    fields: { dealname: `Dealname-${index}`, amount: index, ...fields },
    links: [],
  })
  return {
    ...frame(standIn),
    secrets: [TOKEN, REFUSED_TOKEN, 'Dealname-', 'Unheard-of stage'],
    sample: (index) => record(index, {}),
    unacceptable: record(0, { dealstage: 'Unheard-of stage' }),
    effects: (key, input) =>
      standIn
        .deals()
        .filter(({ properties }) => properties['flowgate_submission'] === key)
        .filter(({ properties }) => properties['dealname'] === input.fields['dealname']).length,
  }
}

/** Contacts that the gateway has found before: the policies left one field to write. */
async function knownStage(): Promise<HubspotStage> {
  const standIn = await startHubspotStandIn({ token: TOKEN })
  const ids = Array.from({ length: 10 }, (_, index) => standIn.addContact({ email: `person-${index}@acme.example` }))
  const record = (index: number, fields: CrmRecord['fields']): CrmRecord => ({
    id: 'contact',
    object: 'contacts',
    operation: 'upsert',
    match: 'email',
    existing: ids[index] ?? '',
    fields,
    links: [],
  })
  return {
    ...frame(standIn),
    secrets: [TOKEN, REFUSED_TOKEN, 'Jobtitle-', '@acme.example', 'Unheard-of status'],
    sample: (index) => record(index, { jobtitle: `Jobtitle-${index}` }),
    unacceptable: record(0, { hs_lead_status: 'Unheard-of status' }),
    effects: (_key, input) =>
      standIn.contacts().filter(({ properties }) => properties['jobtitle'] === input.fields['jobtitle']).length,
  }
}

async function noteStage(): Promise<HubspotStage> {
  const app = { clientId: 'app-1', clientSecret: 'app-secret-1', refreshToken: 'refresh-accepted' }
  const standIn = await startHubspotStandIn({ token: TOKEN, app })
  const record = (index: number, fields: CrmRecord['fields']): CrmRecord => ({
    id: 'note',
    object: 'notes',
    operation: 'create',
    fields: { hs_note_body: `Notebody-${index}`, ...fields },
    links: [],
    files: [{ name: `Photo-${index}.jpg`, mediaType: 'image/jpeg', read: async () => Buffer.from(`Pixels-${index}`) }],
  })
  const config = (refreshToken: string): HubspotConfig => ({
    oauth: { client_id: app.clientId, client_secret: app.clientSecret, refresh_token: refreshToken },
    base_url: standIn.url,
    api: '2026-09',
  })
  return {
    ...httpTrouble(standIn, { writes: HUBSPOT_WRITES.map(dated) }),
    config: config(app.refreshToken),
    refusedConfig: config('refresh-refused'),
    canTell: true,
    secrets: [app.clientSecret, app.refreshToken, 'refresh-refused', 'access-', 'Notebody-', 'Photo-', 'Pixels-'],
    sample: (index) => record(index, {}),
    unacceptable: record(0, { hubspot_owner_id: '404' }),
    effects: (key, input) =>
      standIn
        .notes()
        .filter(({ properties }) => properties['flowgate_submission'] === key)
        .filter(({ properties }) => properties['hs_note_body'] === input.fields['hs_note_body'])
        .flatMap(({ properties }) => (properties['hs_attachment_ids'] ?? '').split(';'))
        .filter((id) => standIn.files().some((file) => file.id === id)).length,
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}

function frame(standIn: HubspotStandIn) {
  return {
    ...httpTrouble(standIn, { writes: HUBSPOT_WRITES }),
    config: { access_token: TOKEN, base_url: standIn.url },
    refusedConfig: { access_token: REFUSED_TOKEN, base_url: standIn.url },
    canTell: true,
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}
