import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Condition } from '../../src/alert/conditions.ts'
import { createAlertAside } from '../../src/receive/alert-aside.ts'
import { createPool } from '../../src/store/pool.ts'
import { eventually } from '../support/eventually.ts'
import { keptLog } from '../support/log.ts'

const condition: Condition = { kind: 'answer.rejected', flow: 'lead', screen: 'FIRST' }
const content = (title: string) => ({ severity: 'error', title, text: 'x' }) as const

test('of a thousand rejected answers at once one alert is written at a time, the last of them included', async () => {
  const { log, lines } = keptLog()
  const pool = createPool({ url: 'postgres://127.0.0.1:1/none', max: 1, name: 'test' })
  const written: string[] = []
  let atOnce = 0
  const open = async (_: Condition, { title }: { readonly title: string }): Promise<void> => {
    atOnce += 1
    assert.equal(atOnce, 1)
    written.push(title)
    await new Promise(setImmediate)
    atOnce -= 1
    if (title === '0') throw new Error('the database is away')
  }
  const alert = createAlertAside({ pool, log, alerts: { open } })
  for (let index = 0; index < 1_000; index += 1) alert(condition, content(String(index)))
  await eventually(() => written.length === 2 && atOnce === 0)
  assert.deepEqual(written, ['0', '999'])
  assert.equal(lines.filter((line) => line.includes('alert.lost')).length, 1)
  alert(condition, content('later'))
  await eventually(() => written.length === 3)
  await pool.end()
})
