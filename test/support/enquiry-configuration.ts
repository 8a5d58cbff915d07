import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FlowFile } from '../../src/config/schema/flow.ts'
import type { MappingFile } from '../../src/config/schema/mapping.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import { flowJsonFor } from '../config/flow-json-for.ts'

/** Answers of an enquiry beside name and e-mail address, all of them texts. */
export interface EnquiryAnswers {
  readonly phone?: string
  readonly message?: string
  readonly company?: string
  readonly fax?: string
  readonly code?: string
}

/** A person who enquires once. The one-word name marks every trace they leave. */
export interface Enquirer {
  readonly name: string
  readonly email: string
  /** The request that finishes the form; each of them is the same, byte for byte. */
  readonly request: JsonObject
}

/** A person with these answers, and a token of their own. */
export function enquirer(name: string, answers: EnquiryAnswers = {}): Enquirer {
  const email = `${name.toLowerCase()}@acme.com`
  const data = { full_name: name, email, ...answers }
  const request = { version: '4.0', action: 'data_exchange', screen: 'ASK', data, flow_token: `token-${name}` }
  return { name, email, request }
}

/** A flow of one screen. What its answers become is the mapping's affair. */
function enquiryFlow(flow: string): FlowFile {
  const text = { type: 'text', max_length: 500 } as const
  return {
    flow,
    title: 'Enquiry',
    version: '1',
    first_screen: 'ASK',
    screens: {
      ASK: {
        fields: {
          full_name: { type: 'text', required: true },
          email: { type: 'email', required: true },
          phone: text,
          message: text,
          company: text,
          fax: text,
          code: text,
        },
        next: [{ submit: true }],
      },
    },
  }
}

/** A configuration folder with one flow of enquiries for each mapping, by the flow's name; disposing removes it. */
export async function enquiryConfiguration(
  destinations: Readonly<Record<string, JsonObject>>,
  mappings: Readonly<Record<string, MappingFile>>,
): Promise<{ readonly folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'flowgate-enquiry-'))
  await writeFile(join(folder, 'destinations.yaml'), JSON.stringify({ destinations }, null, 2))
  for (const [name, mapping] of Object.entries(mappings)) {
    const flow = enquiryFlow(name)
    const own = join(folder, 'flows', name)
    await mkdir(own, { recursive: true })
    await writeFile(join(own, 'flow.yaml'), JSON.stringify(flow, null, 2))
    await writeFile(join(own, 'flow.json'), flowJsonFor(flow))
    await writeFile(join(own, 'mapping.yaml'), JSON.stringify(mapping, null, 2))
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
