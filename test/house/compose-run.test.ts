import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { type ComposeService, readServices } from '../support/compose.ts'
import { testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'

const run = promisify(execFile)
const PLACE = /\$\{[A-Z_]+(?::-([^}]*))?\}/g

/** The files that an operator puts under ./secrets, for this database. */
async function secretFiles(databaseUrl: string) {
  const folder = await mkdtemp(join(tmpdir(), 'secrets-'))
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const values = {
    database_url: databaseUrl,
    flow_private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    meta_app_secret: 'app-secret',
    flowgate_secret: 'flowgate-secret',
    flowgate_api_token: 'api-token',
    hubspot_access_token: 'hubspot-token',
    slack_bot_token: 'xoxb-token',
  }
  for (const [name, value] of Object.entries(values)) await writeFile(join(folder, name), `${value}\n`)
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

/** What the container would see, with the paths inside it led to where they are here. */
function environmentOf(service: ComposeService, secrets: string, port: number): Record<string, string> {
  const inside = Object.entries(service.environment ?? {}).map(([name, value]) => [
    name,
    value
      .replace(PLACE, (_, standard = '') => standard)
      .replace('/run/secrets', secrets)
      .replace('/app/config', resolve('config')),
  ])
  // Nothing is delivered here; should anything try, it must not get as far as a vendor.
  const nowhere = { HUBSPOT_BASE_URL: 'http://127.0.0.1:9', SLACK_API_URL: 'http://127.0.0.1:9/' }
  return { ...Object.fromEntries(inside), ...nowhere, PORT: String(port) }
}

async function entryPoint(): Promise<readonly string[]> {
  const [program, ...options] = JSON.parse(
    /^ENTRYPOINT (\[.*\])$/m.exec(await readFile('Dockerfile', 'utf8'))?.[1] ?? '[]',
  )
  assert.equal(program, 'node')
  return options
}

describe('the commands of docker-compose.yml', () => {
  for (const name of ['web', 'worker']) {
    it(`start ${name}, find it healthy, and stop it in good order`, async () => {
      await using database = await testDatabase()
      await using secrets = await secretFiles(database.url)
      const service = readServices()[name]
      assert.ok(service)
      const env = environmentOf(service, secrets.folder, await freePort())
      const [, healthProgram, ...healthOptions] = service.healthcheck?.test ?? []
      assert.equal(healthProgram, 'node')

      const container = spawn(process.execPath, [...(await entryPoint()), ...(service.command ?? [])], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const ended = once(container, 'exit')
      let said = ''
      container.stdout.on('data', (chunk) => {
        said += chunk
      })
      try {
        await eventually(
          async () => {
            assert.equal(container.exitCode, null, `it ended: ${said}`)
            await run(process.execPath, healthOptions, { env })
            return true
          },
          { withinMs: 60_000 },
        )
        container.kill('SIGTERM')
        assert.deepEqual(await ended, [0, null], said)
        await assert.rejects(run(process.execPath, healthOptions, { env }), { code: 1 })
      } finally {
        container.kill('SIGKILL')
      }
      assert.doesNotMatch(said, /app-secret|flowgate-secret|api-token|hubspot-token|xoxb-token/)
    })
  }
})
