import { systemClock } from '../clock.ts'
import { resumeDestination } from '../deliver/pause.ts'
import { atDesk, withQueue } from './desk.ts'
import { hasDatabase } from './has-database.ts'

type Variables = Readonly<Record<string, string | undefined>>

/**
 * Lets a destination that a failure had paused try again at once, now that it is prepared: its health does not see what
 * was missing, so it might wait for ten minutes. One paused by hand stays so. Resolves with what to tell where the
 * database cannot be asked; where no gateway has ever used one there is nothing to resume.
 */
export async function resumePrepared(name: string, env: Variables): Promise<string | undefined> {
  try {
    if (!hasDatabase(env)) return undefined
    await atDesk(env, (desk) =>
      withQueue(desk, (queue) =>
        resumeDestination({ pool: desk.pool, log: desk.log, queue, clock: systemClock }, name, 'health'),
      ),
    )
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return `If ${name} is paused, resume it by: flowgate destinations resume ${name}. It was not done here: ${reason}`
  }
}
