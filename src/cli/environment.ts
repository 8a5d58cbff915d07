import { type Environment, readEnvironment } from '../config/environment.ts'
import { CommandError } from './outcome.ts'

/** The environment of a command that answers no requests, so that neither secret nor key must be set. Throws with all that is wrong. */
export function commandEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const read = readEnvironment(env, 'worker')
  if (read.ok) return read.environment
  throw new CommandError('FG_ENV_INVALID', read.problems.map(({ message }) => message).join('\n'))
}
