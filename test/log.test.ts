import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLog, type LogLevel } from '../src/log.ts'

function recordingLog(level: LogLevel = 'debug') {
  const lines: string[] = []
  const log = createLog({ level, name: 'web', destination: { write: (line) => lines.push(line) } })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') }
}

describe('log', () => {
  it('writes one JSON line with level, ISO time, name, fields and event', () => {
    const { log, lines, last } = recordingLog()
    log.info({ deliveryId: 'dlv_1', milliseconds: 12 }, 'delivery.attempted')
    assert.equal(lines.length, 1)
    assert.match(lines[0] ?? '', /^\{.*\}\n$/)
    const { time, ...rest } = last()
    assert.equal(new Date(time).toISOString(), time)
    assert.deepEqual(rest, {
      level: 'info',
      name: 'web',
      deliveryId: 'dlv_1',
      milliseconds: 12,
      event: 'delivery.attempted',
    })
  })

  it('leaves out what is below its level', () => {
    const { log, lines } = recordingLog('warn')
    log.debug({}, 'a.b')
    log.info({}, 'a.b')
    log.warn({}, 'a.b')
    log.error({}, 'a.b')
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).level),
      ['warn', 'error'],
    )
  })

  it('masks secrets and answers by key at any depth, whatever their spelling', () => {
    const { log, lines } = recordingLog()
    const hidden = {
      Authorization: 's3cret',
      access_token: 's3cret',
      accessToken: 's3cret',
      'X-Api-Key': 'shown',
      flow_token: 's3cret',
      form: { email: 's3cret' },
      nested: [{ config: { bot_token: 's3cret', private_key: 's3cret', data: ['s3cret'] } }],
    }
    log.info(hidden, 'request.received')
    assert.doesNotMatch(lines.join(''), /s3cret/)
    assert.match(lines.join(''), /shown/)
  })

  it('shows of an error what it says and not what it carries', () => {
    const { log, last } = recordingLog()
    const cause = new Error('cause')
    const error = Object.assign(new Error('refused by postgres://flowgate:hunter2@db/x', { cause }), {
      code: '23505',
      detail: 'Key (email)=(ana@acme.com) already exists.',
    })
    log.error({ error }, 'submission.refused')
    const shown = last().error
    assert.deepEqual(Object.keys(shown), ['name', 'code', 'message', 'stack', 'cause'])
    assert.equal(shown.message, 'refused by postgres://[masked]@db/x')
    assert.doesNotMatch(JSON.stringify(shown), /hunter2|ana@acme/)
    assert.equal(shown.cause.message, 'cause')
  })

  it('survives cycles, throwing getters, huge values and a destination that fails', () => {
    const { log, last } = recordingLog()
    const cyclic: Record<string, unknown> = { name: 'cyclic' }
    cyclic['self'] = cyclic
    const trap = Object.defineProperty({}, 'value', {
      enumerable: true,
      get: () => {
        throw new Error('trap')
      },
    })
    log.info({ cyclic, trap, size: 10n ** 20n, bytes: Buffer.alloc(9), at: new Date(0), bad: new Date('x') }, 'a.b')
    assert.equal(last().trap.value, '[unreadable]')
    assert.equal(last().size, '100000000000000000000')
    assert.equal(last().bytes, '[9 bytes]')
    assert.equal(last().at, '1970-01-01T00:00:00.000Z')
    assert.equal(last().bad, null)
    assert.match(JSON.stringify(last().cyclic), /\[deeper\]/)
    log.info({ text: 'x'.repeat(100_000), list: Array.from({ length: 1000 }, (_, index) => index) }, 'a.b')
    assert.ok(last().text.length < 5_000)
    assert.equal(last().list.length, 50)

    const failing = createLog({
      level: 'info',
      destination: {
        write: () => {
          throw new Error('disk full')
        },
      },
    })
    failing.info({}, 'a.b')
  })

  it('carries the fields of `with` on every line', () => {
    const { log, last } = recordingLog()
    log.with({ requestId: 'req_1' }).with({ flow: 'lead-gen' }).warn({ screen: 'CONTACT' }, 'answer.rejected')
    assert.equal(last().requestId, 'req_1')
    assert.equal(last().flow, 'lead-gen')
    assert.equal(last().screen, 'CONTACT')
  })
})
