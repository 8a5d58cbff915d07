import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type LoadOptions, type LoadResult, loadConfiguration } from '../../src/config/load.ts'
import type { PluginCatalogue, PluginDescription } from '../../src/config/plugin-catalogue.ts'
import type { Query } from '../../src/plugin/definition.ts'

/** Plugins a test configuration may name: a CRM and a chat with one required secret each, two sources, and one that cannot be loaded. */
export const catalogue: PluginCatalogue = {
  describe: async (plugin) => {
    if (plugin === 'broken') throw new Error('its module throws')
    return PLUGINS.get(plugin)
  },
  names: () => [...PLUGINS.keys()],
  urlFault: (url, allowed) =>
    url.startsWith('http://') && allowed.length === 0 ? `${new URL(url).host} is not spoken to` : undefined,
}

const PLUGINS = new Map<string, PluginDescription>([
  [
    'crm',
    {
      kind: 'crm',
      configSchema: settings({ token: { type: 'string', minLength: 1, writeOnly: true } }, ['token']),
      orders: { 'contacts.stage': ['lead', 'customer'] },
    },
  ],
  [
    'chat',
    {
      kind: 'notification',
      configSchema: settings(
        {
          token: { type: 'string', pattern: '^xoxb-', writeOnly: true },
          channel: { type: 'string', default: 'general' },
        },
        ['token'],
      ),
    },
  ],
  [
    'table',
    { kind: 'source', configSchema: settings({ file: { type: 'string' }, url: { type: 'string' } }, []), queries },
  ],
  // A source that takes any query, as most that speak HTTP would.
  ['open', { kind: 'source', configSchema: settings({}, []), queries: async () => undefined }],
])

/** What `table` can be asked; its file may be wrong, and it needs its file's name to say. */
async function queries({ file }: Readonly<Record<string, unknown>>): Promise<readonly Query[]> {
  if (typeof file !== 'string' || file.includes('$')) throw new Error('it is not known which file that is')
  if (file === 'broken.sql') throw new Error('broken.sql:3 has a query without a name')
  return [
    { name: 'slots', parameters: ['day', 'tier'], purpose: 'read' },
    { name: 'coupon', parameters: ['code'], optional: ['country'], purpose: 'read' },
    { name: 'hold', parameters: ['slot'], purpose: 'reserve' },
    { name: 'free', parameters: ['slot'], purpose: 'release' },
  ]
}

function settings(properties: Record<string, Record<string, string | number | boolean>>, required: string[]) {
  return { type: 'object', properties, required, additionalProperties: false }
}

/** Writes a configuration folder from `path → text`, loads it and removes it again. */
export async function load(
  files: Readonly<Record<string, string | Uint8Array>>,
  env: Readonly<Record<string, string>> = {},
  options: Partial<LoadOptions> = {},
): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'flowgate-config-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    return await loadConfiguration(folder, env, { plugins: catalogue, ...options })
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Every issue as `file:line:column severity code`, in the loader's order. */
export function places(result: LoadResult): readonly string[] {
  return result.issues.map(({ file, line, column, severity, code }) => `${file}:${line}:${column} ${severity} ${code}`)
}
