import type { RecordFile } from '../../../src/config/schema/record.ts'
import type { JsonObject } from '../../../src/plugin/json.ts'
import type { Enquirer } from '../../support/enquiry-configuration.ts'
import type { EnquiryStage } from '../../support/enquiry-stage.ts'

/** What somebody left in a CRM: ids, and each link as `deal>contact`. */
export interface Left {
  readonly contacts: readonly string[]
  readonly deals: readonly string[]
  readonly links: readonly string[]
}

/** How often trouble has come. */
export type Came = () => number | Promise<number>

/** Trouble that one person's enquiry meets and comes through. */
export interface Trouble<World> {
  /** The person's name as well: one word. */
  readonly name: string
  /** What happens, for the name of the test. */
  readonly what: string
  /** Makes it before the enquiry. */
  arrange?(world: World, person: Enquirer): Came | Promise<Came>
  /** Goes on beside the enquiry, once it is accepted. */
  meanwhile?(world: World, person: Enquirer, stage: EnquiryStage): Promise<void>
}

/** A CRM with records like those of `lead-gen`, and what goes wrong with it. `World`: the vendor, while it runs. */
export interface OnceCrm<World extends AsyncDisposable> {
  readonly name: string
  /** A contact found by e-mail address, and a deal linked to it, written to `crm`. */
  readonly records: readonly RecordFile[]
  readonly troubles: readonly Trouble<World>[]
  /** Each takes one write and never answers it. */
  readonly held: readonly Trouble<World>[]
  start(): Promise<World>
  /** What stands under `destinations`, with the environment it reads. */
  destination(world: World): { readonly crm: JsonObject; readonly env: Readonly<Record<string, string>> }
  /** What this person left; where nobody is named, all that was written. */
  left(world: World, person?: Enquirer): Left | Promise<Left>
  /** What the address of a contact has in it. */
  pathOf(contact: string): string
}
