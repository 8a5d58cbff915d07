import type { Ability, JsonSchema } from 'flowgate/plugin'
import type { RequestConfig } from '../calls/request.ts'
import { requestSchema } from '../calls/schemas.ts'
import {
  type DeliveryConfig,
  deliverySchema,
  type FindConfig,
  findSchema,
  linkSchema,
  type WriteConfig,
  writeSchema,
} from '../deliveries/delivery-config.ts'

/** Settings of one HTTP CRM, as checked by `configSchema`. */
export interface HttpConfig extends DeliveryConfig {
  readonly objects: Readonly<Record<string, ObjectConfig>>
}

/** How one kind of record is written and found. */
export interface ObjectConfig {
  readonly create?: WriteConfig
  readonly upsert?: WriteConfig
  readonly update?: WriteConfig
  readonly find?: FindConfig
  readonly find_by_id?: FindConfig
  readonly owner?: OwnerConfig
  readonly link?: string
  readonly key_field?: string
}

export interface OwnerConfig extends RequestConfig {
  readonly id: string
  readonly email?: string
  readonly name?: string
}

const owner: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'id'],
  description: 'Asks who owns the record `{id}`.',
  properties: {
    ...requestSchema,
    id: { type: 'string', minLength: 1, description: 'Where the reply holds the id of the owner.' },
    email: { type: 'string', minLength: 1, description: 'Where the reply holds the e-mail address of the owner.' },
    name: { type: 'string', minLength: 1, description: 'Where the reply holds the name of the owner.' },
  },
}

const write = (description: string): JsonSchema => ({ ...writeSchema('unchanged'), description })

const object: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  anyOf: [{ required: ['create'] }, { required: ['upsert'] }, { required: ['update'] }],
  properties: {
    create: write('Makes a new record. Default method: POST.'),
    upsert: write('Updates the record that `{match.value}` finds, or makes one, in one request. Default method: PUT.'),
    update: write('Changes the record `{id}`. Default method: PATCH.'),
    find: { ...findSchema, description: 'Finds the records whose `{field}` is `{value}`. Default method: GET.' },
    find_by_id: {
      ...findSchema,
      description: 'Reads the record `{id}`. Left out: `find` is asked, with `id` as the field.',
    },
    owner,
    link: linkSchema,
    key_field: {
      type: 'string',
      minLength: 1,
      description:
        'The field that `create` writes `{key}` into, and by which `find` finds it before anything is sent again.',
    },
  },
}

/** What an operator can set for an HTTP CRM. */
export const configSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['base_url', 'objects'],
  properties: {
    ...deliverySchema,
    objects: {
      type: 'object',
      minProperties: 1,
      additionalProperties: object,
      description: 'Kind of record, as `object` of a mapping names it → the requests that write it.',
    },
  },
}

/** What records of an object can be done with: what there are requests for. */
export function abilitiesOf({ objects }: HttpConfig, object: string): readonly Ability[] {
  const { create, upsert, update, find, owner }: ObjectConfig =
    (Object.hasOwn(objects, object) && objects[object]) || {}
  const abilities: Readonly<Record<Ability, boolean>> = {
    create: create !== undefined,
    upsert: upsert !== undefined || (find !== undefined && create !== undefined && update !== undefined),
    find: find !== undefined,
    update: update !== undefined,
    owner: owner !== undefined,
    files: false,
  }
  return (Object.keys(abilities) as Ability[]).filter((ability) => abilities[ability])
}
