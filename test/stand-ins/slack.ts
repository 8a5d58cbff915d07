import { type StandIn, type StandInAnswer, type StandInRequest, startStandIn } from 'flowgate/plugin/testing'
import { type Answer, type Arguments, no, slackMethods } from './slack-methods.ts'
import { SlackWorkspace } from './slack-workspace.ts'

/** A running stand-in for Slack's Web API, as strict as the documentation is. */
export interface SlackStandIn extends AsyncDisposable {
  /** The HTTP side: requests seen, and trouble (routes are `POST /api/<method>`). */
  readonly standIn: StandIn
  /** What Slack holds: channels, messages, scopes. */
  readonly workspace: SlackWorkspace
  /** For the setting `api_url`. */
  readonly apiUrl: string
}

/** How a Slack stand-in is started. */
export interface SlackStandInOptions {
  /** The bot token it accepts; `xoxb-stand-in` when left out. */
  readonly token?: string
  /** Ids of public channels with the bot in them; `C0SALES` when left out. */
  readonly channels?: readonly string[]
  readonly port?: number
}

/** Starts a stand-in for Slack on 127.0.0.1. */
export async function startSlack(options: SlackStandInOptions = {}): Promise<SlackStandIn> {
  const workspace = new SlackWorkspace(options.token ?? 'xoxb-stand-in')
  for (const id of options.channels ?? ['C0SALES']) workspace.addChannel({ id })
  const standIn = await startStandIn({
    port: options.port ?? 0,
    routes: { 'POST /api/:method': (request) => answer(workspace, request) },
  })
  return {
    standIn,
    workspace,
    apiUrl: `${standIn.url}/api/`,
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}

function answer(workspace: SlackWorkspace, request: StandInRequest): StandInAnswer {
  const name = request.parameters['method'] ?? ''
  const given = readArguments(request.body)
  const method = Object.hasOwn(slackMethods, name) ? slackMethods[name] : undefined
  const body = !method
    ? no('unknown_method', { req_method: name })
    : (unauthorised(workspace, request, given) ?? method(workspace, given))
  return { status: 200, body, headers: { 'x-oauth-scopes': [...workspace.scopes].join(',') } }
}

function unauthorised(workspace: SlackWorkspace, request: StandInRequest, given: Arguments): Answer | undefined {
  const token = given['token'] ?? request.headers.authorization?.replace(/^Bearer ?/, '')
  if (!token) return no('not_authed')
  if (token !== workspace.token) return no('invalid_auth')
  return workspace.refuses ? no(workspace.refuses) : undefined
}

/** Arguments as text, whether they came as a form or as JSON. */
function readArguments(body: unknown): Arguments {
  if (typeof body !== 'object' || body === null) return {}
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, text(value)]))
}
