import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { PluginDefinition } from 'flowgate/plugin'
import { ERROR_AREAS } from '../src/errors.ts'
import type { Explanations } from '../src/plugin/explanation.ts'
import { builtInEntry, builtInNames } from '../src/registry/built-in-plugins.ts'

const REPOSITORY = new URL('../', import.meta.url)

/** A page of the documentation that is made of the catalogue, whole or in part. */
export interface GeneratedPage {
  /** From the repository's root. */
  readonly file: string
  /** The page as it must be, given the page as it is. */
  generate(page: string): string
}

/** The plugins that come with the gateway and explain codes of their own, by name. */
export async function explainingPlugins(): Promise<readonly (readonly [string, PluginDefinition])[]> {
  const loaded = await Promise.all(
    builtInNames().map(async (name) => {
      const module: { readonly default: PluginDefinition } = await import(builtInEntry(name) ?? name)
      return [name, module.default] as const
    }),
  )
  return loaded.filter(([, { failureCodes }]) => failureCodes !== undefined)
}

/** The folder of a plugin: those of one family share it. */
export function folderOf(plugin: string): string {
  return basename(dirname(builtInEntry(plugin) ?? plugin))
}

/** The page of all codes, and the page of each plugin that explains its own. */
export async function generatedPages(): Promise<readonly GeneratedPage[]> {
  const plugins = await explainingPlugins()
  return [
    { file: 'docs/errors.md', generate: () => wholePage(plugins) },
    ...plugins.map(([name, { failureCodes = {} }]) => ({
      file: `docs/plugins/${name}.md`,
      generate: (page: string) => replaceTable(page, failureCodes),
    })),
  ]
}

/** A page as it stands in the repository. */
export function pageAt(file: string): string {
  return readFileSync(new URL(file, REPOSITORY), 'utf8')
}

const INTRODUCTION = `# Error codes

Every error that Flowgate prints, answers or keeps has a code. What is printed with it says what is wrong in your case; this
page says what the code means in general. The command line knows it as well:

\`\`\`sh
npx flowgate error FG_KEY_CUT_OFF
\`\`\`

*Advice* refuses nothing. Codes that are not on this page are a vendor's own words, passed on by the plugin: for Slack see
[its page](plugins/slack.md#when-a-delivery-fails), for others the page or README of the plugin.

<!-- This page is written by test/errors-page.ts from src/errors and from the plugins. -->
`

function wholePage(plugins: readonly (readonly [string, PluginDefinition])[]): string {
  const own = ERROR_AREAS.map(({ title, codes }) => `\n## ${title}\n\n${table(codes)}`)
  const theirs = plugins.map(
    ([name, { title, failureCodes = {} }]) =>
      `\n## ${title}\n\n[About this plugin](plugins/${name}.md).\n\n${table(failureCodes)}`,
  )
  return [INTRODUCTION, ...own, ...theirs].join('')
}

const BEGIN = '<!-- failure codes: written by test/errors-page.ts -->\n'
const END = '<!-- end of failure codes -->'

function replaceTable(page: string, codes: Explanations): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (from < 0 || to < from) throw new Error('the page has no place for failure codes')
  return `${page.slice(0, from)}${BEGIN}\n${table(codes)}\n${page.slice(to)}`
}

function table(codes: Explanations): string {
  const rows = Object.entries(codes).map(([code, { meaning, cure }]) => [`\`${code}\``, meaning, cure])
  const lines = [['code', 'what it means', 'what to do'], ['---', '---', '---'], ...rows]
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('')
}

if (import.meta.main && process.argv.includes('--write')) {
  for (const { file, generate } of await generatedPages()) {
    const page = file === 'docs/errors.md' ? '' : pageAt(file)
    writeFileSync(new URL(file, REPOSITORY), generate(page))
  }
}
