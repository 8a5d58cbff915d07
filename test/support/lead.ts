import type { JsonObject } from '../../src/plugin/json.ts'

/** A person of the shipped `lead-gen` flow whose one-word name marks every trace they leave. */
export interface Lead {
  readonly name: string
  readonly email: string
  /** The request that finishes the form of a large company with a budget: one contact, one deal, one message. */
  readonly finish: (token: string) => JsonObject
}

export function lead(name: string): Lead {
  const email = `${name.toLowerCase()}@acme.com`
  const data = { full_name: name, email, company_size: '120', budget: 'over_50k' }
  return {
    name,
    email,
    finish: (token) => ({ version: '4.0', action: 'data_exchange', screen: 'ENTERPRISE', data, flow_token: token }),
  }
}
