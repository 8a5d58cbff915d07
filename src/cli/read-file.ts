import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { CommandError } from './outcome.ts'

/** The text of a file the operator named. Throws a CommandError that says why it cannot be read. */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new CommandError('FG_CLI_FILE', `${path} cannot be read (${why}). Check the name and its permissions.`, {
      cause: error,
    })
  }
}

/** The value in a JSON file. Throws a CommandError where it is not JSON. */
export function readJsonFile(path: string): unknown {
  return parsed(path, readTextFile(path), JSON.parse)
}

/** The value in a YAML file. Throws a CommandError where it is not YAML. */
export function readYamlFile(path: string): unknown {
  return parsed(path, readTextFile(path), parse)
}

function parsed(path: string, text: string, parser: (text: string) => unknown): unknown {
  try {
    return parser(text)
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new CommandError('FG_CLI_FILE', `${path} cannot be understood: ${why}`, { cause: error })
  }
}
