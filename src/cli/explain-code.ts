import { loadConfiguration } from '../config/load.ts'
import { ERROR_AREAS, explanationOf } from '../errors.ts'
import type { Explanation, Explanations } from '../plugin/explanation.ts'
import { createPluginCatalogue } from '../registry/catalogue.ts'
import { loadPlugin } from '../registry/load-plugin.ts'
import { didYouMean } from '../value/nearest.ts'
import { type ConfigOption, configurationFolder } from './configuration.ts'
import type { Outcome } from './outcome.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Says what an error code means and what to do about it: the gateway's own, or one of a plugin. Not ok where nobody knows it. */
export async function explainCode(text: string, options: ConfigOption, env: Variables): Promise<Outcome> {
  const code = text.toUpperCase().startsWith('FG_') ? text.toUpperCase() : text
  const own = explanationOf(code)
  if (own !== undefined) return explained(code, own)
  const known = ERROR_AREAS.flatMap(({ codes }) => Object.keys(codes))
  for (const codes of await codesOfPlugins(options, env)) {
    if (Object.hasOwn(codes, code) && codes[code] !== undefined) return explained(code, codes[code])
    known.push(...Object.keys(codes))
  }
  const hint =
    didYouMean(code, known) || '. The words of a vendor are explained on the page of its plugin in docs/plugins.'
  const message = `There is no error code ${text}${hint}`
  return { ok: false, text: message, json: { ok: false, error: { code: 'FG_CLI_UNKNOWN_CODE', message } } }
}

function explained(code: string, { meaning, cure }: Explanation): Outcome {
  return { ok: true, text: `${code}\n${meaning}\nWhat to do: ${cure}`, json: { ok: true, code, meaning, cure } }
}

/** Codes of the built-in plugins and of those configured, as far as either can be read: a mistake elsewhere keeps nobody from asking. */
async function codesOfPlugins(options: ConfigOption, env: Variables): Promise<readonly Explanations[]> {
  const folder = configurationFolder(options, env)
  const plugins = createPluginCatalogue(folder)
  const loaded = await loadConfiguration(folder, env, { plugins, secrets: 'placeholder' })
  const configured = loaded.ok ? [...loaded.configuration.destinations.values()].map(({ plugin }) => plugin) : []
  const names = [...new Set([...plugins.names(), ...configured])]
  const definitions = await Promise.allSettled(names.map((name) => loadPlugin(name, folder)))
  return definitions.flatMap((one) => (one.status === 'fulfilled' ? [one.value?.failureCodes ?? {}] : []))
}
