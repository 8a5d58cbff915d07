import { StartError, startApp } from '../app.ts'
import { type Environment, type Role, readEnvironment } from '../config/environment.ts'
import { readConfiguration } from './configuration.ts'
import { CommandError, type Outcome } from './outcome.ts'

export interface StartOptions {
  readonly role: Role
}

type StartVariables = Readonly<Record<string, string | undefined>>

/** Runs the gateway until SIGTERM or SIGINT and resolves once it has stopped. Rejects, all at once, with what is missing. */
export async function startGateway({ role }: StartOptions, env: StartVariables): Promise<Outcome> {
  const read = readEnvironment(env, role)
  if (!read.ok) {
    const missing = read.problems.map(({ message }) => message)
    throw new CommandError('FG_ENV_INVALID', [...missing, ...(await configurationMistakes(role, env))].join('\n'))
  }
  // Listened for before the start: a signal that comes while the gateway starts must stop it as well.
  const { promise: signalled, resolve: stop } = Promise.withResolvers<void>()
  // For as long as the process lives: npm and a terminal send the same signal twice, and the second must not cut the stop short.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop())
  const app = await start(read.environment)
  await signalled
  await app.stop()
  return { ok: true, text: '', json: { ok: true } }
}

/** What the configuration would be refused for next, so that whoever sets variables hears of all of them at once. */
async function configurationMistakes(role: Role, env: StartVariables): Promise<readonly string[]> {
  try {
    // As the gateway itself: a process that calls no vendor needs none of their secrets.
    const { result, describeIssue } = await readConfiguration({}, env, role === 'web' ? 'placeholder' : 'required')
    return result.issues.filter(({ severity }) => severity === 'error').map(describeIssue)
  } catch (error) {
    if (error instanceof CommandError) return [error.message]
    throw error
  }
}

async function start(environment: Environment) {
  try {
    return await startApp(environment)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    throw new CommandError('FG_CLI_START', error.message, { cause: error })
  }
}
