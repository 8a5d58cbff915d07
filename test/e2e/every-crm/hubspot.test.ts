import type { Fault, StandInRequest } from 'flowgate/plugin/testing'
import { type HubspotStandIn, startHubspotStandIn } from '../../stand-ins/hubspot.ts'
import { hubspotTrouble } from '../../stand-ins/hubspot-trouble.ts'
import type { Enquirer } from '../../support/enquiry-configuration.ts'
import { onceTests } from './once.ts'
import type { Came, OnceCrm, Trouble } from './once-crm.ts'

/** An app, whose access tokens end; what a token of its own and deals go through is in exactly-once.test.ts. */
const APP = { clientId: 'client-of-the-test', clientSecret: 'secret-of-the-app', refreshToken: 'refresh-of-the-test' }
const CONTACT = 'POST /crm/v3/objects/contacts/batch/upsert'
const TICKET = 'POST /crm/v3/objects/tickets/batch/upsert'
const LINK = 'PUT /crm/v4/objects/tickets/:id/associations/default/contacts/:other'

/** Trouble of one request that has the person's name in it; of the link, which names nobody, whoever's it is. */
function fault(
  name: string,
  what: string,
  route: string,
  make: Fault | ((account: HubspotStandIn) => Fault),
): Trouble<HubspotStandIn> {
  const when = ({ bytes }: StandInRequest) => route === LINK || bytes.toString().includes(name)
  return {
    name,
    what,
    arrange(account): Came {
      const made = typeof make === 'function' ? make(account) : make
      const active = account.misbehave({ route, fault: made, times: 1, when })
      return () => active.struck
    },
  }
}

function left(account: HubspotStandIn, person?: Enquirer) {
  const of = (text: string | undefined) => person === undefined || text?.split(':')[0] === person.name
  const tickets = account.tickets().filter(({ properties }) => of(properties['subject']))
  const ids = new Set(tickets.map(({ id }) => id))
  return {
    contacts: account
      .contacts()
      .filter(({ properties }) => of(properties['firstname']))
      .map(({ id }) => id),
    deals: [...ids],
    links: account
      .associations()
      .filter(({ from }) => ids.has(from.id))
      .map(({ from, to }) => `${from.id}>${to.id}`),
  }
}

const crm: OnceCrm<HubspotStandIn> = {
  name: 'HubSpot, as an app that writes tickets',
  records: [
    {
      id: 'contact',
      to: 'crm',
      object: 'contacts',
      operation: 'upsert',
      match: 'email',
      fields: { email: { from: 'form.email' }, firstname: { from: 'form.full_name' } },
    },
    {
      id: 'ticket',
      to: 'crm',
      object: 'tickets',
      operation: 'create',
      links: ['contact'],
      fields: { subject: { template: '{form.full_name}: {flow.title}' }, hs_pipeline_stage: 'Waiting on us' },
    },
  ],
  troubles: [
    fault('Contactlost', 'the reply to the contact is lost', CONTACT, { kind: 'lose-after' }),
    fault('Ticketlost', 'the reply to the ticket is lost', TICKET, { kind: 'lose-after' }),
    fault('Linklost', 'the reply to a link is lost', LINK, { kind: 'lose-after' }),
    fault('Expired', 'the access token ends between contact and ticket', CONTACT, (account) => ({
      kind: 'answer',
      answer(real) {
        account.expireTokens()
        return real
      },
    })),
    fault('Locked', 'others write the record (423)', CONTACT, hubspotTrouble.locked()),
    fault('Conflicting', 'two writes of one record clash (409)', TICKET, hubspotTrouble.conflict()),
    fault('Limited', 'the account is at its limit', TICKET, hubspotTrouble.rateLimit('TEN_SECONDLY_ROLLING', 1)),
    fault('Moving', 'the account moves to another data centre (477)', CONTACT, hubspotTrouble.migration(1)),
    fault('Unavailable', 'a page answers in place of the API', TICKET, hubspotTrouble.page(503)),
    fault('Hanging', 'a request hangs', CONTACT, { kind: 'hang' }),
  ],
  held: [
    fault('Contactheld', '', CONTACT, { kind: 'hang-after' }),
    fault('Ticketheld', '', TICKET, { kind: 'hang-after' }),
    fault('Linkheld', '', LINK, { kind: 'hang-after' }),
  ],
  start: () => startHubspotStandIn({ token: 'nobody-has-it', app: APP }),
  destination: ({ url }) => ({
    crm: {
      plugin: 'hubspot',
      config: {
        oauth: {
          client_id: APP.clientId,
          client_secret: `\${HUBSPOT_CLIENT_SECRET}`,
          refresh_token: `\${HUBSPOT_REFRESH_TOKEN}`,
        },
        base_url: url,
      },
    },
    env: { HUBSPOT_CLIENT_SECRET: APP.clientSecret, HUBSPOT_REFRESH_TOKEN: APP.refreshToken },
  }),
  left,
  pathOf: (contact) => `/record/0-1/${contact}`,
}

onceTests(crm)
