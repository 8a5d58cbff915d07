import {
  type Call,
  type Crm,
  type CrmObject,
  type CrmRecord,
  FailureError,
  type Health,
  type Json,
  type JsonObject,
  type LookUp,
  type ObjectUse,
  type Owner,
  type PluginContext,
  type Preparation,
  type Receipt,
  type RecordLink,
} from 'flowgate/plugin'
import { type Account, readAccount, recordUrl } from './account/account.ts'
import { describeObjects } from './account/describe.ts'
import { prepareObjects } from './account/prepare.ts'
import { type HubspotApi, hubspotApi } from './calls/api.ts'
import { connect, type Send } from './calls/connection.ts'
import { ProblemError } from './calls/problem.ts'
import { classify, withFailures } from './failure.ts'
import { isObjectName, isRecordId, requireObject } from './object-types.ts'
import { deliverRecord } from './records/deliver.ts'
import { RecordFinder } from './records/find.ts'
import { updateRecord } from './records/update.ts'
import { RecordValues } from './records/values.ts'
import type { HubspotSettings } from './settings.ts'

/** The SDK has no limit of its own: a hung server would hold a request for ever. */
const REQUEST_WITHIN_MS = 15_000
/** Short, so that the write still fits into the gateway's own deadline. */
const ACCOUNT_WITHIN_MS = 3_000
/** Trouble with the account details that lasts longer is not waited for. */
const PASSING_MS = 5_000

/** One HubSpot account, written to with one token or one installed app. */
export class HubspotCrm implements Crm {
  readonly #settings: HubspotSettings
  readonly #context: PluginContext
  readonly #send: Send
  /** Does not change while credentials live. A failure to read it is not kept. */
  #account: Account | undefined
  /** When reading it began to fail, in milliseconds. */
  #accountTroubleSince: number | undefined
  readonly #finder = new RecordFinder()
  readonly #values: RecordValues

  constructor(settings: HubspotSettings, context: PluginContext) {
    this.#settings = settings
    this.#context = context
    this.#send = connect(settings, context)
    this.#values = new RecordValues(() => context.now())
  }

  async health(call: Call): Promise<Health> {
    try {
      return { ok: true, account: await this.#accountName(call) }
    } catch (error) {
      const failure = error instanceof FailureError ? error.failure : classify(error)
      if (failure === undefined) throw error
      return { ok: false, failure }
    }
  }

  /** Safe to repeat as a whole: each step finds what an earlier try wrote, and linking what is linked changes nothing. */
  async deliver(record: CrmRecord, call: Call): Promise<Receipt> {
    for (const { object } of [record, ...record.links]) requireObject(object)
    const account = await this.#accountForLink(call)
    const { submissionProperty, filesFolder } = this.#settings
    const settings = { submissionProperty, filesFolder, now: () => this.#context.now() }
    const written = await deliverRecord(this.#api(call), record, call, this.#values, this.#finder, settings)
    const url = account === undefined ? undefined : recordUrl(account, record.object, written.id)
    return { ...written, ...(url === undefined ? {} : { url }) }
  }

  async find(look: LookUp, call: Call): Promise<JsonObject | null> {
    requireObject(look.object)
    return this.#finder.find(this.#api(call), look)
  }

  update(record: RecordLink, fields: Readonly<Record<string, Json>>, call: Call): Promise<void> {
    return this.#ofRecord(record, () => updateRecord(this.#api(call), record, fields, this.#values))
  }

  ownerOf(record: RecordLink, call: Call): Promise<Owner | null> {
    return this.#ofRecord(record, () => this.#values.owners.of(this.#api(call), record, call))
  }

  describe(objects: readonly string[], call: Call): Promise<readonly CrmObject[]> {
    return withFailures(() => describeObjects(this.#api(call), objects.filter(isObjectName)))
  }

  async prepare(uses: readonly ObjectUse[], apply: boolean, call: Call): Promise<readonly Preparation[]> {
    for (const { object } of uses) requireObject(object)
    return withFailures(() => prepareObjects(this.#api(call), uses, this.#settings.submissionProperty, apply))
  }

  /** Holds nothing open: every socket belongs to a call and ends with it. */
  async close(): Promise<void> {}

  /** What is asked of one record by its id, which must not lead to another path. */
  async #ofRecord<Answer>({ object, id }: RecordLink, ask: () => Promise<Answer>): Promise<Answer> {
    requireObject(object)
    if (isRecordId(id)) return withFailures(ask)
    const message = `HubSpot has no ${object} record of that id.`
    throw new FailureError({ kind: 'permanent', scope: 'record', code: 'FG_HUBSPOT_NOT_FOUND', message })
  }

  /**
   * The account, asked for before anything is written: people who sell need the link, and a passing trouble met here
   * costs nothing. That holds for a first attempt, and for as long as the trouble may be a passing one; then the record
   * matters more than its link, and failing would close the way for records that HubSpot takes. What the gateway
   * itself says, about its budget or the access token, holds for the record as well.
   */
  async #accountForLink(call: Call): Promise<Account | undefined> {
    if (this.#account !== undefined) return this.#account
    try {
      return await this.#readAccount(call)
    } catch (error) {
      const failure = classify(error)
      if (failure === undefined || failure.code === 'FG_HUBSPOT_CREDENTIALS' || call.signal.aborted) throw error
      if (failure.kind !== 'permanent' && call.attempt === 1 && this.#isPassing()) throw error
      this.#context.log.warn({ destination: this.#context.destination, code: failure.code }, 'hubspot.account_unknown')
      return undefined
    }
  }

  #isPassing(): boolean {
    const now = this.#context.now().getTime()
    this.#accountTroubleSince ??= now
    return now - this.#accountTroubleSince < PASSING_MS
  }

  async #readAccount(call: Call): Promise<Account> {
    const details = await this.#api(call, ACCOUNT_WITHIN_MS).accountDetails()
    this.#account = readAccount(details)
    this.#accountTroubleSince = undefined
    return this.#account
  }

  /**
   * What proves that the credentials work: the account details, or, where those are not to be had, that a batch without rows
   * is refused for being empty and not for the token.
   */
  async #accountName(call: Call): Promise<string> {
    try {
      const { portalId, uiDomain } = await this.#readAccount(call)
      return `HubSpot account ${portalId} (${uiDomain})`
    } catch (error) {
      if (!(error instanceof ProblemError) || !(error.isNoRoute || error.problem.status === 403)) throw error
      if (await this.#takesBatches(call)) return `HubSpot at ${new URL(this.#settings.baseUrl).host}`
      throw error
    }
  }

  async #takesBatches(call: Call): Promise<boolean> {
    try {
      await this.#api(call).upsertNothing('contacts')
      return true
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      if (error.problem.status === 401) throw error
      return [400, 403].includes(error.problem.status) && error.problem.fromHubspot
    }
  }

  #api(call: Call, withinMs = REQUEST_WITHIN_MS): HubspotApi {
    return hubspotApi(this.#send, { signal: call.signal, withinMs })
  }
}
