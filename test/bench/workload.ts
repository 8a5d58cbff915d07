import type { JsonObject } from '../../src/plugin/json.ts'

/** What is measured. `exchange`: a person opens the form, answers, goes back, answers again. `submission`: one finished form per request. */
export type Workload = 'exchange' | 'submission'

/** The requests of one person, in their order; each must be answered before the next is sent. */
export function personRequests(workload: Workload, person: string): readonly JsonObject[] {
  const token = `bench-${person}`
  const contact = { full_name: 'Ana Souza Lima', email: `ana.${person}@example.com`, company_size: '12' }
  const ask = (action: string, screen: string, data: JsonObject): JsonObject => ({
    version: '4.0',
    action,
    screen,
    data,
    flow_token: token,
  })
  if (workload === 'submission') return [ask('data_exchange', 'NEEDS', { ...contact, interests: ['crm', 'support'] })]
  return [
    ask('INIT', '', {}),
    ask('data_exchange', 'CONTACT', contact),
    ask('BACK', 'NEEDS', {}),
    ask('data_exchange', 'CONTACT', { ...contact, company_size: '13' }),
  ]
}

/** The screen each of those requests must be answered with. */
export const expectedScreens: Readonly<Record<Workload, readonly string[]>> = {
  exchange: ['CONTACT', 'NEEDS', 'CONTACT', 'NEEDS'],
  submission: ['SUCCESS'],
}
