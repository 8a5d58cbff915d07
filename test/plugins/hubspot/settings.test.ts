import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configSchema, readSettings } from '../../../plugins/hubspot/settings.ts'
import { checkSettings } from '../../../src/config/schema-check.ts'

const app = { client_id: 'a', client_secret: 'b', refresh_token: 'c' }

function faults(settings: object): string[] {
  const found: string[] = []
  checkSettings(configSchema, settings, ({ message }) => void found.push(message))
  return found
}

test('a destination has a token or an app', () => {
  for (const settings of [{ access_token: 't' }, { oauth: app }]) assert.deepEqual(faults(settings), [])
  for (const settings of [{}, { access_token: 't', oauth: app }]) {
    assert.deepEqual(faults(settings), ['`config` needs access_token, or oauth'])
  }
})

test('mistakes in settings are named where they are', () => {
  const cases: readonly [object, RegExp][] = [
    [{ oauth: { client_id: 'a', client_secret: 'b' } }, /`refresh_token` is missing/],
    [{ access_token: 't', api: 'v4' }, /`api` must be one of v3, 2026-09/],
    [{ access_token: 't', plan: 'gold' }, /`plan` must be one of free, starter, professional, enterprise/],
    [{ access_token: 't', files_folder: 'photos' }, /`files_folder` must be of the form/],
    [{ access_token: '' }, /`access_token` must not be empty/],
  ]
  for (const [settings, message] of cases) assert.match(faults(settings).join('\n'), message)
})

test('what is left out has its default', () => {
  const { credentials, ...rest } = readSettings({ access_token: 't' })
  assert.deepEqual(credentials, { kind: 'token', accessToken: 't' })
  assert.deepEqual(rest, {
    api: 'v3',
    baseUrl: 'https://api.hubapi.com',
    plan: 'starter',
    submissionProperty: 'flowgate_submission',
    filesFolder: '/flowgate',
  })
})
