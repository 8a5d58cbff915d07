import { once } from 'node:events'
import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../../src/plugin/json.ts'
import { shownLines } from '../stand-ins/slack-shown.ts'
import { eventually } from '../support/eventually.ts'
import { chooseTest, type Submitted, submit } from './submit.ts'
import { CHANNEL, startWorld, type World } from './world.ts'

const PROMISED_MS = 60_000

const print = (line = '') => process.stdout.write(`${line}\n`)
const since = (start: number) => `${Math.round(performance.now() - start)} ms`

/** Shows the whole journey on this machine; rejects where any part of it is not as promised. */
async function demo(stay: boolean): Promise<void> {
  const started = performance.now()
  print('Flowgate, the main job end to end. All of it runs on this machine: a gateway, a PostgreSQL,')
  print('and stand-ins for HubSpot and Slack that check and keep what the real ones check and keep.')
  print('\n1. Starting')
  await using world = await startWorld()
  print(`   gateway and database  ${world.gateway.url}  ready after ${since(started)}`)
  print(`   HubSpot stand-in      ${world.hubspot.url}`)
  print(`   Slack stand-in        ${world.slack.standIn.url}`)

  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  const journey = tell(world)
  try {
    await Promise.race([journey, interrupted.then(() => Promise.reject(new Error('it was interrupted')))])
  } catch (error) {
    const said = world.gateway.lastLines().map((line) => `   ${line}`)
    throw new Error(`${messageOf(error)}\nThe gateway's last lines:\n${said.join('\n')}`, { cause: error })
  }

  const seconds = (performance.now() - started) / 1000
  print(`\nAll as promised, in ${seconds.toFixed(1)} s.`)
  if (seconds * 1000 > PROMISED_MS) throw new Error(`it took longer than ${PROMISED_MS / 1000} s`)
  if (!stay) return
  sayWhatRuns(world)
  await interrupted
  print('\nStopping.')
}

async function tell(world: World): Promise<void> {
  const test = chooseTest()
  print('\n2. A person fills in the form')
  const first = await submit(world, test, print)
  await showWhatBecame(world, first)

  print('\n4. The same person sends the same answers again, from another message')
  const second = await submit(world, test, print)
  await showNothingNew(world, first, second)
}

async function showWhatBecame(world: World, { pressedAt }: Submitted): Promise<void> {
  const { hubspot, slack } = world
  print('\n3. What became of it')
  const contact = await arrived('the HubSpot contact', () => hubspot.contacts()[0])
  print(`   HubSpot contact ${contact.id}, ${since(pressedAt)} after the button was pressed`)
  showProperties(contact.properties)
  const deal = await arrived('the HubSpot deal', () => hubspot.deals()[0])
  print(`   HubSpot deal ${deal.id}, ${since(pressedAt)} after the button was pressed`)
  showProperties(deal.properties)
  const linked = await arrived('the link between them', () => hubspot.associations()[0])
  print(`   linked: ${linked.from.object} ${linked.from.id} with ${linked.to.object} ${linked.to.id}`)
  const message = await arrived('the Slack message', () => slack.workspace.messages(CHANNEL)[0])
  print(`   Slack message in ${CHANNEL}, ${since(pressedAt)} after the button was pressed`)
  const shown = shownLines(message)
  for (const line of shown) print(`       ${line}`)
  if (!shown.some((line) => line.includes(contact.id))) {
    throw new Error('The Slack message does not link to the HubSpot contact.')
  }
}

function showProperties(properties: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(properties)) print(`       ${name.padEnd(22)} ${value}`)
}

/** Looks at the gateway's own books as well: with every delivery settled, nothing can follow later. */
async function showNothingNew(world: World, first: Submitted, second: Submitted): Promise<void> {
  const { hubspot, slack, gateway } = world
  if (!isDeepStrictEqual(withoutToken(first), withoutToken(second))) {
    throw new Error('The second submission got another answer than the first.')
  }
  print('   The same answer as before, with the token of the new message.')
  const deliveries = await eventually(() => settledDeliveries(gateway))
  const counts = {
    deliveries: deliveries.length,
    contacts: hubspot.contacts().length,
    deals: hubspot.deals().length,
    messages: slack.workspace.messages(CHANNEL).length,
  }
  print(`   Deliveries: ${deliveries.map(({ item, state }) => `${item} ${state}`).join(', ')}.`)
  print(
    `   HubSpot holds ${counts.contacts} contact and ${counts.deals} deal, Slack ${counts.messages} message: nothing was created.`,
  )
  if (!isDeepStrictEqual(counts, { deliveries: 3, contacts: 1, deals: 1, messages: 1 })) {
    throw new Error(`Something was doubled or lost: ${JSON.stringify(counts)}`)
  }
}

interface Listed {
  readonly item: string
  readonly state: string
}

/** The deliveries as the command line tells them, once none is on its way any more. */
function settledDeliveries(gateway: World['gateway']): readonly Listed[] | undefined {
  const { code, out, err } = gateway.command(['deliveries', '--json'])
  if (code !== 0) throw new Error(`"flowgate deliveries" failed: ${err}`)
  const { deliveries } = JSON.parse(out) as { readonly deliveries: readonly Listed[] }
  return deliveries.every(({ state }) => state === 'delivered') ? deliveries : undefined
}

/** The final answer, with the token of its own message taken out. */
function withoutToken({ answer, token }: Submitted): Json {
  return JSON.parse(JSON.stringify(answer).replaceAll(JSON.stringify(token), '"…"')) as Json
}

async function arrived<Thing>(what: string, look: () => Thing | undefined): Promise<Exclude<Thing, false | undefined>> {
  try {
    return await eventually(look, { withinMs: 15_000 })
  } catch (error) {
    throw new Error(`${what} did not arrive within 15 s`, { cause: error })
  }
}

function sayWhatRuns({ gateway, hubspot, hubspotToken, slack }: World): void {
  print('\nIt all keeps running until Ctrl-C:')
  print(`   ${gateway.url}/health and /metrics`)
  print(`   ${gateway.url}/flows/lead-gen answers sealed requests`)
  print(`   ${hubspot.url} is the HubSpot stand-in, ${slack.standIn.url} is Slack's`)
  print('\nTo run a gateway of your own against the stand-ins, paste this into its terminal:')
  print(`export HUBSPOT_BASE_URL=${hubspot.url} HUBSPOT_ACCESS_TOKEN=${hubspotToken}`)
  print(`export SLACK_API_URL=${slack.apiUrl} SLACK_BOT_TOKEN=${slack.workspace.token} SLACK_CHANNEL=${CHANNEL}`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

try {
  await demo(process.argv.includes('--stay'))
} catch (error) {
  process.stderr.write(`\nThe demo failed: ${messageOf(error)}\n`)
  process.exitCode = 1
}
