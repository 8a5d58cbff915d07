import { type StandIn, type StandInAnswer, type StandInRequest, startStandIn } from 'flowgate/plugin/testing'

/** A template as Meta keeps it: how many variables its body has, and whether its button's address ends in one. */
export interface KeptTemplate {
  readonly name: string
  readonly language: string
  status: 'APPROVED' | 'PENDING' | 'PAUSED' | 'DISABLED'
  readonly variables: number
  readonly urlButton: boolean
  /** The body's own words, with {{1}} and so on. */
  readonly body: string
}

/** A message that Meta has accepted. What becomes of it is heard later, by statuses. */
export interface AcceptedMessage {
  readonly id: string
  /** A number, or a user id. */
  readonly to: string
  readonly template: string
  /** The body as its reader sees it. */
  readonly text: string
  readonly buttonSuffix: string | undefined
  readonly callbackData: string | undefined
  status: 'accepted' | 'sent' | 'delivered' | 'failed'
}

/** A running stand-in for the Graph API's messages of one number. */
export interface GraphStandIn extends AsyncDisposable {
  /** The HTTP side: requests seen, and trouble. */
  readonly standIn: StandIn
  readonly token: string
  readonly phoneNumberId: string
  readonly templates: KeptTemplate[]
  readonly messages: readonly AcceptedMessage[]
  /** Recipients to whom Meta does not send, with the code it says so by at once. */
  readonly refused: Map<string, number>
  /** What Meta says of the number itself. */
  number: { status: string; name: string | undefined }
  /** Messages that the number may send before Meta limits it; left out: as many as anyone likes. */
  throughput: number | undefined
  /** What the webhook of the number would bring once a message came to this end. */
  report(id: string, status: AcceptedMessage['status'], code?: number): Readonly<Record<string, unknown>>
}

/** The route that messages are sent to. */
export const messagesRoute = 'POST /v26.0/:number/messages'

const longestBody = 1_024

/** Starts a stand-in on 127.0.0.1 with one approved template, `new_lead` in `en_US`, of four variables. */
export async function startGraph(token = 'EAAG-stand-in'): Promise<GraphStandIn> {
  const messages: AcceptedMessage[] = []
  const template: KeptTemplate = {
    name: 'new_lead',
    language: 'en_US',
    status: 'APPROVED',
    variables: 4,
    urlButton: false,
    body: 'New lead: {{1}}\n{{2}}\n{{3}}\n{{4}}\nPlease call.',
  }
  const standIn = await startStandIn({
    routes: {
      [messagesRoute]: (request) => (request.parameters['number'] === graph.phoneNumberId ? send(request) : noNumber()),
      'GET /v26.0/:number': (request) => about(request),
    },
  })
  const graph: GraphStandIn = {
    standIn,
    token,
    phoneNumberId: '1000000000',
    templates: [template],
    messages,
    refused: new Map(),
    number: { status: 'CONNECTED', name: 'Acme' },
    throughput: undefined,
    report(id, status, code) {
      const message = messages.find((one) => one.id === id)
      if (message) message.status = status
      const errors = code === undefined ? {} : { errors: [{ code, title: 'Message undeliverable' }] }
      return { id, status, recipient_id: message?.to, biz_opaque_callback_data: message?.callbackData, ...errors }
    },
    [Symbol.asyncDispose]: () => standIn.close(),
  }
  return graph

  function send(request: StandInRequest): StandInAnswer {
    const body = request.body as Body
    const fault = unauthorised(request) ?? faultOf(graph, body)
    if (fault) return fault
    const to = body.to ?? body.recipient ?? ''
    const kept = graph.templates.find(({ name }) => name === body.template?.name)
    const id = `wamid.HBgL${String(messages.length + 1).padStart(6, '0')}==`
    messages.push({
      id,
      to,
      template: body.template?.name ?? '',
      text: filled(kept?.body ?? '', valuesOf(body, 'body')),
      buttonSuffix: valuesOf(body, 'button')[0],
      callbackData: body.biz_opaque_callback_data,
      status: 'accepted',
    })
    const contacts = [body.to ? { input: to, wa_id: to.slice(1) } : { input: to, user_id: to }]
    return {
      status: 200,
      body: { messaging_product: 'whatsapp', contacts, messages: [{ id, message_status: 'accepted' }] },
    }
  }

  function about(request: StandInRequest): StandInAnswer {
    const fault = unauthorised(request)
    if (fault) return fault
    if (request.parameters['number'] !== graph.phoneNumberId) return noNumber()
    const { status, name } = graph.number
    return {
      status: 200,
      body: { display_phone_number: '+1 555-000-1111', verified_name: name, status, id: graph.phoneNumberId },
    }
  }

  function unauthorised(request: StandInRequest): StandInAnswer | undefined {
    return request.headers.authorization === `Bearer ${token}` ? undefined : refusal(401, 190, 'OAuthException')
  }
}

interface Body {
  readonly messaging_product?: string
  readonly recipient_type?: string
  readonly to?: string
  readonly recipient?: string
  readonly type?: string
  readonly template?: {
    readonly name?: string
    readonly language?: { readonly code?: string }
    readonly components?: Component[]
  }
  readonly biz_opaque_callback_data?: string
}

interface Component {
  readonly type?: string
  readonly sub_type?: string
  readonly index?: string
  readonly parameters?: readonly { readonly type?: string; readonly text?: string }[]
}

function faultOf(graph: GraphStandIn, body: Body): StandInAnswer | undefined {
  if (body.messaging_product !== 'whatsapp' || body.recipient_type !== 'individual') return refusal(400, 100)
  const to = body.to ?? body.recipient
  const known = body.to
    ? /^\+[1-9]\d{6,14}$/.test(body.to)
    : /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(body.recipient ?? '')
  if (to === undefined || !known) return refusal(400, to === undefined ? 131008 : 131009)
  if (body.type !== 'template') return refusal(400, 131047)
  const refused = graph.refused.get(to)
  if (refused !== undefined) return refusal(400, refused)
  if (graph.throughput !== undefined && graph.messages.length >= graph.throughput) return refusal(429, 130429)
  return templateFault(graph, body)
}

function templateFault({ templates }: GraphStandIn, body: Body): StandInAnswer | undefined {
  const { name, language } = body.template ?? {}
  const kept = templates.find((one) => one.name === name && one.language === language?.code)
  if (!kept || kept.status === 'PENDING') return refusal(404, 132001)
  if (kept.status === 'PAUSED') return refusal(400, 132015)
  if (kept.status === 'DISABLED') return refusal(400, 132016)
  const values = valuesOf(body, 'body')
  if (values.length !== kept.variables) return refusal(400, 132000)
  if (valuesOf(body, 'button').length > 0 !== kept.urlButton) return refusal(400, 132012)
  if (values.some((value) => value === '')) return refusal(400, 131008)
  if (values.some((value) => /[\n\t]| {5}/.test(value))) return refusal(400, 132018)
  return filled(kept.body, values).length > longestBody ? refusal(400, 132005) : undefined
}

function valuesOf({ template }: Body, type: 'body' | 'button'): string[] {
  const found = template?.components?.find((component) => component.type === type)
  const fits = type === 'body' || (found?.sub_type === 'url' && /^\d$/.test(found.index ?? ''))
  return fits ? (found?.parameters ?? []).map(({ type: kind, text }) => (kind === 'text' ? (text ?? '') : '')) : []
}

function filled(body: string, values: readonly string[]): string {
  return body.replace(/\{\{(\d+)\}\}/g, (_, place: string) => values[Number(place) - 1] ?? '')
}

function noNumber(): StandInAnswer {
  return refusal(400, 100, 'GraphMethodException')
}

/** Meta's refusal. Its details quote what was sent. */
function refusal(status: number, code: number, type = 'OAuthException'): StandInAnswer {
  const error_data = { messaging_product: 'whatsapp', details: 'Ana Souza Lima (+34600000000) is not allowed' }
  return {
    status,
    body: { error: { message: `(#${code}) Ana Souza Lima`, type, code, error_data, fbtrace_id: 'AbCd' } },
  }
}
