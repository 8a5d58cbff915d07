import { NO_PROGRESS, type Session } from '../../src/flow/session.ts'

/** A session of the flow `lead` as an exchange would store it, before its first write. */
export function aSession(token: string, different: Partial<Session> = {}): Session {
  const now = new Date('2026-01-31T12:00:00Z')
  return {
    id: `ses_${token}`,
    flow: 'lead',
    token,
    version: '1',
    revision: 0,
    screen: 'CONTACT',
    form: { full_name: 'Ana' },
    path: ['CONTACT'],
    person: {},
    personKey: undefined,
    source: {},
    language: undefined,
    variant: undefined,
    progress: NO_PROGRESS,
    lastRequest: undefined,
    lastAnswer: undefined,
    submissionId: undefined,
    createdAt: now,
    updatedAt: now,
    expiresAt: new Date('2026-02-02T12:00:00Z'),
    purgeAt: new Date('2026-02-09T12:00:00Z'),
    ...different,
  }
}
