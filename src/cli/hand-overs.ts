import { systemClock } from '../clock.ts'
import { closingOf, handOverView } from '../receive/hand-over-view.ts'
import { type CloseResult, closeHandOver as close, type HandOver, listHandOvers as query } from '../store/hand-overs.ts'
import { atDesk } from './desk.ts'
import type { Outcome } from './outcome.ts'
import { table } from './table.ts'

export interface ListOptions {
  /** Closed ones too. */
  readonly all?: boolean
  readonly limit: number
}

type Variables = Readonly<Record<string, string | undefined>>

/** Lists people who wait for people, the longest first; with `all` those helped already too, the newest first. */
export function listHandOvers({ all = false, limit }: ListOptions, env: Variables): Promise<Outcome> {
  return atDesk(env, async ({ pool }) => {
    const listed = await query(pool, { state: all ? 'all' : 'open', limit })
    return {
      ok: true,
      text: describeList(listed, all, limit),
      json: { ok: true, hand_overs: listed.map(handOverView) },
    }
  })
}

/** Closes a hand-over. Harmless when repeated; not ok where there is none of that id. */
export async function closeHandOver(id: string, by: string | undefined, env: Variables): Promise<Outcome> {
  const result = await atDesk(env, ({ pool }) => close(pool, id, by, systemClock.now()))
  const text = describeClose(id, result)
  if (result.kind === 'not-found') {
    return { ok: false, text, json: { ok: false, error: { code: 'FG_CLI_HAND_OVER', message: text } } }
  }
  return { ok: true, text, json: { ok: true, result: result.kind, hand_over: handOverView(result.handOver) } }
}

function describeList(listed: readonly HandOver[], all: boolean, limit: number): string {
  if (listed.length === 0) return all ? 'There are no hand-overs yet.' : 'Nobody waits.'
  const rows = listed.map((handOver) => [
    handOver.id,
    handOver.flow,
    handOver.screen,
    handOver.queue ?? '–',
    handOver.openedAt.toISOString().slice(0, 19).replace('T', ' '),
    handOver.submissionId,
    handOver.closedAt === undefined ? '' : closingOf(handOver),
  ])
  const more = listed.length === limit ? ['', `The first ${limit}; --limit shows more.`] : []
  return [table(['HAND-OVER', 'FLOW', 'SCREEN', 'QUEUE', 'SINCE', 'SUBMISSION', ''], rows), ...more].join('\n')
}

function describeClose(id: string, result: CloseResult): string {
  switch (result.kind) {
    case 'closed':
      return `${id} is closed.`
    case 'already':
      return `${id} was ${closingOf(result.handOver)} already.`
    case 'not-found':
      return `There is no hand-over ${id}. "flowgate hand-overs list --all" lists them.`
  }
}
