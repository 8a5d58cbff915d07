import type {
  Call,
  Crm,
  CrmRecord,
  Health,
  JsonObject,
  LookUp,
  PluginContext,
  Preparation,
  Receipt,
} from 'flowgate/plugin'
import { type Account, readAccount, recordUrl } from './account.ts'
import { type HubspotApi, hubspotApi } from './api.ts'
import { classify } from './failure.ts'
import { RecordFinder } from './find.ts'
import { prepareObjects } from './prepare.ts'
import type { HubspotSettings } from './settings.ts'
import { linkRecord, writeRecord } from './write.ts'

/** The SDK has no limit of its own: a hung server would hold a request for ever. */
const REQUEST_WITHIN_MS = 15_000
/** Short, so that the write still fits into the gateway's own deadline. */
const ACCOUNT_WITHIN_MS = 3_000

/** One HubSpot account, written to with one token. */
export class HubspotCrm implements Crm {
  readonly #settings: HubspotSettings
  readonly #context: PluginContext
  /** Does not change while a token lives. A failure to read it is not kept. */
  #account: Account | undefined
  readonly #finder = new RecordFinder()

  constructor(settings: HubspotSettings, context: PluginContext) {
    this.#settings = settings
    this.#context = context
  }

  async health(call: Call): Promise<Health> {
    try {
      const { portalId, uiDomain } = await this.#readAccount(call)
      return { ok: true, account: `HubSpot account ${portalId} (${uiDomain})` }
    } catch (error) {
      const failure = classify(error)
      if (failure === undefined) throw error
      return { ok: false, failure }
    }
  }

  /** Safe to repeat as a whole: the write finds what an earlier try wrote, and linking what is linked changes nothing. */
  async deliver(record: CrmRecord, call: Call): Promise<Receipt> {
    const account = await this.#accountForLink(call)
    const api = this.#api(call)
    const written = await writeRecord(api, record, call, this.#settings.submissionProperty)
    for (const link of record.links) await linkRecord(api, { object: record.object, id: written.id }, link)
    const url = account === undefined ? undefined : recordUrl(account, record.object, written.id)
    return { ...written, ...(url === undefined ? {} : { url }) }
  }

  find(look: LookUp, call: Call): Promise<JsonObject | null> {
    return this.#finder.find(this.#api(call), look)
  }

  prepare(objects: readonly string[], apply: boolean, call: Call): Promise<readonly Preparation[]> {
    return prepareObjects(this.#api(call), objects, this.#settings.submissionProperty, apply)
  }

  /** Holds nothing open: every socket belongs to a call and ends with it. */
  async close(): Promise<void> {}

  /**
   * The account, asked for before anything is written: people who sell need the link, and a passing trouble met here
   * costs nothing. That holds for the first attempt only; after it the record matters more than its link.
   */
  async #accountForLink(call: Call): Promise<Account | undefined> {
    if (this.#account !== undefined) return this.#account
    try {
      return await this.#readAccount(call)
    } catch (error) {
      const failure = classify(error)
      if (failure === undefined || call.signal.aborted) throw error
      if (failure.kind !== 'permanent' && call.attempt === 1) throw error
      this.#context.log.warn({ destination: this.#context.destination, code: failure.code }, 'hubspot.account_unknown')
      return undefined
    }
  }

  async #readAccount(call: Call): Promise<Account> {
    const details = await this.#api(call, ACCOUNT_WITHIN_MS).accountDetails()
    this.#account = readAccount(details)
    return this.#account
  }

  #api(call: Call, withinMs = REQUEST_WITHIN_MS): HubspotApi {
    return hubspotApi(this.#settings, { signal: call.signal, withinMs })
  }
}
