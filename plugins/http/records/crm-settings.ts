import { type Connection, readConnection } from '../calls/line.ts'
import { readAt } from '../calls/reading-settings.ts'
import { type RequestTemplate, readRequest } from '../calls/request.ts'
import { type Find, readFind } from '../deliveries/find.ts'
import { readLink } from '../deliveries/link.ts'
import { readWrite, type Write } from '../deliveries/write.ts'
import { type JsonPath, readJsonPath } from '../places/json-path.ts'
import { scopeRule } from '../places/scope-places.ts'
import type { Template } from '../places/template.ts'
import type { HttpConfig, ObjectConfig, OwnerConfig } from './crm-config.ts'

/** How one kind of record is written and found, ready to be used. */
export interface ObjectSettings {
  readonly name: string
  readonly create: Write | undefined
  readonly upsert: Write | undefined
  readonly update: Write | undefined
  readonly find: Find | undefined
  readonly findById: Find | undefined
  readonly owner: Owner | undefined
  readonly link: Template | undefined
  readonly keyField: string | undefined
}

/** How the owner of a record is asked for. */
export interface Owner {
  readonly request: RequestTemplate
  readonly id: JsonPath
  readonly email: JsonPath | undefined
  readonly name: JsonPath | undefined
}

/** Settings with their templates read and their defaults filled in. */
export interface HttpSettings extends Connection {
  readonly health: string | undefined
  readonly idempotencyHeader: string | undefined
  readonly objects: ReadonlyMap<string, ObjectSettings>
}

const OF_RECORD = ['key', 'object', 'record', 'fields', 'fields.*', 'links.*', 'repeat']
const OF_UPSERT = [...OF_RECORD, 'match.field', 'match.value']
const OF_LOOK = ['key', 'object', 'field', 'value']
const OF_ONE = ['key', 'object', 'id']
const OF_LINK = [...OF_ONE, 'fields.*', 'reply.*']

/** Reads checked settings. Throws a sentence for the operator, which names the place and never a secret. */
export function readSettings(config: HttpConfig): HttpSettings {
  const objects = Object.entries(config.objects).map(([name, object]) => [name, readObject(name, object)] as const)
  return {
    ...readConnection(config),
    health: config.health,
    idempotencyHeader: config.idempotency_header,
    objects: new Map(objects),
  }
}

function readObject(name: string, config: ObjectConfig): ObjectSettings {
  const part = <Config, Read>(key: string, given: Config | undefined, read: (given: Config) => Read) =>
    given === undefined ? undefined : readAt(['objects', name, key], `objects.${name}.${key}`, () => read(given))
  const create = part('create', config.create, (given) => readWrite(given, 'POST', scopeRule(OF_RECORD), false))
  const keyField = part('key_field', config.key_field, (field) => {
    if (config.find === undefined) throw new Error('a field is found by `find`: write that, too')
    if (create?.request.places.includes('key') !== true) {
      throw new Error(`nothing is found there unless \`create\` writes {key} into ${field}`)
    }
    return field
  })
  return {
    name,
    create,
    upsert: part('upsert', config.upsert, (given) => readWrite(given, 'PUT', scopeRule(OF_UPSERT), true)),
    update: part('update', config.update, (given) => readWrite(given, 'PATCH', scopeRule([...OF_UPSERT, 'id']), true)),
    find: part('find', config.find, (given) => readFind(given, scopeRule(OF_LOOK))),
    findById: part('find_by_id', config.find_by_id, (given) => readFind(given, scopeRule(OF_ONE))),
    owner: part('owner', config.owner, readOwner),
    link: part('link', config.link, (given) => readLink(given, scopeRule(OF_LINK))),
    keyField,
  }
}

function readOwner(config: OwnerConfig): Owner {
  return {
    request: readRequest(config, config.method ?? 'GET', scopeRule(OF_ONE)),
    id: readJsonPath(config.id),
    email: config.email === undefined ? undefined : readJsonPath(config.email),
    name: config.name === undefined ? undefined : readJsonPath(config.name),
  }
}
