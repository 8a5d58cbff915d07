import { readFile } from 'node:fs/promises'
import type { Kind } from '../../plugin/definition.ts'

/** What a new plugin is called and does. */
export interface NewPlugin {
  /** Kebab-case: its folder, its name in the definition, the name of its test. */
  readonly name: string
  readonly title: string
  readonly kind: Kind
}

const TEMPLATES = new URL('templates/', import.meta.url)

const PURPOSES: Readonly<Record<Kind, string>> = {
  crm: 'Writes records into {title}, once each, and looks records up in it.',
  notification: 'Sends messages to {title}, once each.',
  source: 'Answers questions from {title} while a person waits.',
}

/** The files of a new plugin by name: a small plugin that works, with a stand-in for its vendor and the conformance test. */
export async function pluginFiles(plugin: NewPlugin): Promise<ReadonlyMap<string, string>> {
  const { name, kind } = plugin
  const templates: readonly (readonly [file: string, template: string])[] = [
    ['index.ts', `index-${kind}.ts.txt`],
    ['settings.ts', 'settings.ts.txt'],
    ['vendor.ts', 'vendor.ts.txt'],
    ['failure.ts', 'failure.ts.txt'],
    [`${name}.test.ts`, `test-${kind}.ts.txt`],
    ['README.md', 'README.md.txt'],
    // Node would else read each file twice to find out that it is a module.
    ['package.json', 'package.json.txt'],
  ]
  const files = templates.map(
    async ([file, template]) => [file, filledIn(await readFile(new URL(template, TEMPLATES), 'utf8'), plugin)] as const,
  )
  return new Map(await Promise.all(files))
}

function filledIn(template: string, { name, title, kind }: NewPlugin): string {
  const words: Readonly<Record<string, string>> = {
    name,
    title,
    Name: name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    NAME: name.toUpperCase().replaceAll('-', '_'),
    section: kind === 'source' ? 'sources' : 'destinations',
    purpose: PURPOSES[kind].replace('{title}', title),
  }
  return template.replace(/__(name|title|Name|NAME|section|purpose)__/g, (whole, word: string) => words[word] ?? whole)
}
