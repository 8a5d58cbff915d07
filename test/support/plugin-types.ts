import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** What the compiler says of the plugins of a configuration folder, checked as strictly as the gateway's own; empty where all is well. */
export async function pluginTypeErrors(configurationFolder: string): Promise<string> {
  const settings = {
    extends: at('tsconfig.json'),
    compilerOptions: {
      noEmit: true,
      typeRoots: [at('node_modules/@types')],
      types: ['node'],
      paths: {
        'flowgate/plugin': [at('src/plugin/index.ts')],
        'flowgate/plugin/testing': [at('src/plugin/testing/index.ts')],
      },
    },
    include: ['plugins/**/*.ts'],
  }
  await writeFile(join(configurationFolder, 'tsconfig.json'), JSON.stringify(settings))
  const compiler = [at('node_modules/typescript/bin/tsc'), '-p', configurationFolder]
  const checked = await promisify(execFile)(process.execPath, compiler).catch((error) => error)
  return checked.stdout
}
