import type { Configuration } from '../config/configuration.ts'
import type { Environment } from '../config/environment.ts'
import { formatIssue } from '../config/format-issue.ts'
import { loadConfiguration } from '../config/load.ts'
import type { Log } from '../log.ts'
import { loadPrivateKeys, type PrivateKey } from '../receive/keys.ts'
import { createPluginCatalogue } from '../registry/catalogue.ts'
import { StartError } from './start-error.ts'

/** The private keys of the environment, ready to use. Throws a StartError that names the faulty one. */
export function readKeys({ flowPrivateKeys, flowPrivateKeyPassphrase }: Environment): readonly PrivateKey[] {
  const many = flowPrivateKeys.length > 1
  const pems = flowPrivateKeys.map((pem, index) => ({
    label: many ? `FLOW_PRIVATE_KEY ${index + 1}` : 'FLOW_PRIVATE_KEY',
    pem,
  }))
  try {
    return loadPrivateKeys(pems, flowPrivateKeyPassphrase)
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** The configuration in `folder`; its advice is logged. Rejects with a StartError that lists its mistakes. */
export async function readConfiguration(folder: string, role: Environment['role'], log: Log): Promise<Configuration> {
  // A process that delivers to no vendor needs none of their secrets; sources are asked by all.
  const secrets = role === 'web' ? 'sources' : 'required'
  const result = await loadConfiguration(folder, process.env, { plugins: createPluginCatalogue(folder), secrets })
  if (!result.ok) {
    const errors = result.issues.filter(({ severity }) => severity === 'error')
    throw new StartError([`The configuration in ${folder} has mistakes:`, ...errors.map(formatIssue)].join('\n'))
  }
  for (const issue of result.issues) log.warn({ issue: formatIssue(issue) }, 'configuration.advised')
  return result.configuration
}

/** Throws a StartError where a flow takes only tokens of ours and nothing could sign them. */
export function refuseMintedWithoutSecret({ secret }: Environment, { flows }: Configuration): void {
  if (secret !== undefined) return
  for (const { flow } of [...flows.values()].flatMap(({ versions }) => [...versions.values()])) {
    if (flow.tokens !== 'minted') continue
    throw new StartError(
      `Flow ${flow.name} takes only minted tokens, and FLOWGATE_SECRET, which signs them, is not set.`,
    )
  }
}
