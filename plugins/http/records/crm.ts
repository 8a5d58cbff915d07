import type {
  Call,
  Crm,
  Json,
  JsonObject,
  LookUp,
  ObjectUse,
  Owner,
  PluginContext,
  Preparation,
  RecordLink,
} from 'flowgate/plugin'
import { DELIVERY_CODES } from '../calls/codes.ts'
import { deliveryHealth } from '../deliveries/delivery-health.ts'
import { ask, theOne } from '../deliveries/find.ts'
import { perform } from '../deliveries/write.ts'
import { ScopePlaces } from '../places/scope-places.ts'
import type { HttpSettings, ObjectSettings } from './crm-settings.ts'
import { type CrmLine, lookFor, missing, objectOf, writeRecord } from './write-record.ts'

/** A CRM behind an HTTP API: it can do what its settings have requests for. */
export function httpCrm(settings: HttpSettings, context: PluginContext): Crm {
  const line: CrmLine = { ...settings, context, codes: DELIVERY_CODES }
  const objects = [...settings.objects.values()]
  return {
    health: (call) => deliveryHealth(line, settings.health, call),
    deliver: (record, call) => writeRecord(line, record, call),
    // Connections belong to the gateway, which lends them.
    close: async () => undefined,
    prepare: async (uses) => uses.flatMap((use) => preparationsOf(use, settings)),
    ...(objects.some((each) => each.find ?? each.findById) ? { find: (look, call) => findOne(line, look, call) } : {}),
    ...(objects.some((each) => each.update)
      ? { update: (record, fields, call) => update(line, record, fields, call) }
      : {}),
    ...(objects.some((each) => each.owner) ? { ownerOf: (record, call) => ownerOf(line, record, call) } : {}),
  }
}

async function findOne(line: CrmLine, look: LookUp, call: Call): Promise<JsonObject | null> {
  const object = objectOf(line, look.object)
  const request = look.field === 'id' ? (object.findById ?? object.find) : object.find
  if (request === undefined) throw missing(`\`objects.${object.name}\` has no \`find\``)
  const found = theOne(await lookFor(line, object, request, { field: look.field, value: look.value }, call))
  if (found === undefined) return null
  const fields = look.fields.flatMap((name) => {
    const value = Object.hasOwn(found.fields, name) ? found.fields[name] : undefined
    return value === undefined || value === null || value === '' ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(fields), id: found.id }
}

async function update(
  line: CrmLine,
  record: RecordLink,
  fields: Readonly<Record<string, Json>>,
  call: Call,
): Promise<void> {
  const object = objectOf(line, record.object)
  if (object.update === undefined) throw missing(`\`objects.${object.name}\` has no \`update\``)
  const places = new ScopePlaces({ key: call.idempotencyKey, object: object.name, id: record.id, fields })
  const { idempotencyHeader } = line
  await perform(object.update, { line, places, call, idempotencyHeader, blind: false })
}

async function ownerOf(line: CrmLine, { object: name, id }: RecordLink, call: Call): Promise<Owner | null> {
  const { owner } = objectOf(line, name)
  if (owner === undefined) throw missing(`\`objects.${name}\` has no \`owner\``)
  const places = new ScopePlaces({ key: call.idempotencyKey, object: name, id })
  const reply = await ask(line, owner.request, [404, 410], places, call)
  const ownerId = reply === undefined ? undefined : text(owner.id(reply))
  if (reply === undefined || ownerId === undefined) return null
  const email = text(owner.email?.(reply))
  const fullName = text(owner.name?.(reply))
  return {
    id: ownerId,
    ...(email === undefined ? {} : { email }),
    ...(fullName === undefined ? {} : { name: fullName }),
  }
}

function text(value: Json | undefined): string | undefined {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined
}

/** What the mappings need of the settings. All of it is done by hand: the API itself is not known. */
function preparationsOf({ object: name, creates, matches }: ObjectUse, settings: HttpSettings): readonly Preparation[] {
  const object = settings.objects.get(name)
  if (object === undefined) {
    return [
      {
        description: `describe ${name} below \`objects\``,
        done: false,
        byHand: `Add \`objects.${name}\` to the settings.`,
      },
    ]
  }
  const able: Preparation[] = []
  if (creates)
    able.push(step(`a request that creates ${name}`, object.create !== undefined, `\`create\` to \`objects.${name}\``))
  if (creates && object.create !== undefined) {
    const safe = object.create.repeatable || settings.idempotencyHeader !== undefined || object.keyField !== undefined
    able.push(
      step(
        `a way to know a repeated ${name} again`,
        safe,
        '`idempotency_header` or `key_field`, as far as the API has them',
      ),
    )
  }
  if (matches.length > 0)
    able.push(
      step(
        `requests that upsert ${name}`,
        canUpsert(object),
        `\`upsert\` or \`find\`, \`create\` and \`update\` to \`objects.${name}\``,
      ),
    )
  return able
}

function canUpsert({ upsert, find, create, update }: ObjectSettings): boolean {
  return upsert !== undefined || (find !== undefined && create !== undefined && update !== undefined)
}

function step(description: string, done: boolean, what: string): Preparation {
  return { description, done, ...(done ? {} : { byHand: `Add ${what} in the settings of the destination.` }) }
}
