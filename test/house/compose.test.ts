import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { VARIABLES } from '../../src/config/environment-variables.ts'
import { readServices } from '../support/compose.ts'

const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true })
const services = readServices()
const dockerfile = readFileSync('Dockerfile', 'utf8')

describe('docker-compose.yml', () => {
  it('has the services of an installation, the proxy only on request', () => {
    assert.deepEqual(Object.keys(compose.services).sort(), ['postgres', 'proxy', 'web', 'worker'])
    for (const [name, service] of Object.entries(services)) {
      assert.deepEqual(service.profiles ?? [], name === 'proxy' ? ['tls'] : [], name)
      assert.equal(service.restart, 'unless-stopped', name)
      assert.ok(service.healthcheck?.test?.[0] === 'CMD', `${name} has a health check without a shell`)
      assert.match(service.deploy?.resources?.limits?.memory ?? '', /^\d+[MG]$/, name)
    }
    assert.equal(services['postgres']?.image, 'postgres:18')
    assert.deepEqual(services['postgres']?.volumes, ['postgres:/var/lib/postgresql'])
  })

  it('waits for what it needs, and gives the gateway time to finish', () => {
    for (const name of ['web', 'worker']) {
      assert.deepEqual(services[name]?.depends_on, { postgres: { condition: 'service_healthy' } })
      assert.equal(services[name]?.stop_grace_period, '25s')
      assert.equal(services[name]?.read_only, true)
      assert.deepEqual(services[name]?.cap_drop, ['ALL'])
    }
    assert.equal(compose.networks.database.internal, true)
    assert.deepEqual(services['postgres']?.networks, ['database'])
    assert.equal(services['postgres']?.ports, undefined, 'the database has no port outside')
  })

  it('gives secrets as files only, each declared, used and mounted where its variable points', () => {
    const used = new Set<string>()
    for (const [name, service] of Object.entries(services)) {
      const files = Object.entries(service.environment ?? {}).filter(([variable]) => variable.endsWith('_FILE'))
      const mounted = service.secrets ?? []
      assert.deepEqual(
        files.map(([, path]) => path.replace('/run/secrets/', '')).sort(),
        [...mounted].sort(),
        `${name}: every secret has a variable and the other way round`,
      )
      for (const secret of mounted) used.add(secret)
      for (const [variable, value] of Object.entries(service.environment ?? {})) {
        assert.doesNotMatch(
          `${variable}`,
          /(SECRET|TOKEN|PASSWORD|KEY|_URL)$/,
          `${name} has ${variable}=${value} in the open`,
        )
      }
    }
    assert.deepEqual([...used].sort(), Object.keys(compose.secrets).sort())
    for (const [name, { file }] of Object.entries<{ file: string }>(compose.secrets)) {
      assert.equal(file, `./secrets/${name}`)
    }
  })

  it('gives the web role all it cannot start without, and the worker nothing of Meta', () => {
    const given = (name: string) =>
      Object.keys(services[name]?.environment ?? {}).map((variable) => variable.replace(/_FILE$/, ''))
    for (const [variable, { requiredFor }] of Object.entries(VARIABLES)) {
      if ((requiredFor as readonly string[]).includes('web')) assert.ok(given('web').includes(variable), variable)
    }
    assert.deepEqual(
      given('worker').filter((variable) => /^(META|FLOW)_/.test(variable)),
      [],
    )
  })

  it('refers to volumes, networks and files that exist', () => {
    for (const service of Object.values(services)) {
      for (const network of service.networks ?? []) assert.ok(network in compose.networks, network)
      for (const volume of service.volumes ?? []) {
        const [from = ''] = volume.split(':')
        assert.ok(from.startsWith('.') ? existsSync(from) : from in compose.volumes, volume)
      }
    }
  })
})

describe('Dockerfile', () => {
  it('runs the program as an ordinary user and checks its health without a shell or curl', () => {
    assert.match(dockerfile, /^USER node$/m)
    assert.match(dockerfile, /^ENTRYPOINT \["node", "src\/main\.ts"\]$/m)
    const check = JSON.parse(/HEALTHCHECK[\s\S]*?CMD (\[.*\])/.exec(dockerfile)?.[1] ?? 'null')
    assert.deepEqual(['CMD', ...check], services['web']?.healthcheck?.test)
    assert.doesNotMatch(dockerfile, /curl|wget/)
  })

  it('takes along what the program runs on and nothing of the tests', () => {
    const copied = Array.from(dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm), ([, paths = '']) =>
      paths.split(' '),
    ).flat()
    assert.deepEqual([...new Set(copied)].sort(), ['.npmrc', 'package-lock.json', 'package.json', 'plugins', 'src'])
    const ignored = readFileSync('.dockerignore', 'utf8').trim().split('\n')
    assert.deepEqual(
      [
        ignored[0],
        ...ignored
          .slice(1)
          .map((line) => line.slice(1))
          .sort(),
      ],
      ['*', ...[...new Set(copied)].sort()],
    )
  })
})

describe('.env.example', () => {
  it('names every variable of the gateway', () => {
    const named = Array.from(readFileSync('.env.example', 'utf8').matchAll(/^([A-Z_]+)=/gm), ([, name = '']) =>
      name.replace(/_FILE$/, ''),
    )
    assert.deepEqual(
      Object.keys(VARIABLES).filter((name) => !named.includes(name)),
      [],
    )
  })
})
