/** Block Kit's documented limits, in characters and items (documentation comments of @slack/types). */
const limits = { blocks: 50, header: 150, text: 3_000, field: 2_000, fields: 10, elements: 10, blockId: 255 }

/** All blocks of a message together; more is `msg_blocks_too_long` although each block is legal (bolt-js#2509). */
const wholeLimit = 13_200

type Thing = Readonly<Record<string, unknown>>

/** A refusal as Slack words it. */
export interface Refusal {
  readonly error: string
  readonly messages?: readonly string[]
}

/** Reads the `blocks` argument; answers the blocks, or why Slack refuses them. */
export function readBlocks(text: string): readonly Thing[] | Refusal {
  let blocks: unknown
  try {
    blocks = JSON.parse(text)
  } catch {
    return { error: 'invalid_blocks_format' }
  }
  if (!Array.isArray(blocks)) return { error: 'invalid_blocks_format' }
  if (text.length > wholeLimit) return { error: 'msg_blocks_too_long' }
  const faults = blocks.length > limits.blocks ? [fault(`no more than ${limits.blocks} items allowed`, '/blocks')] : []
  for (const [index, block] of blocks.entries()) faults.push(...blockFaults(block, `/blocks/${index}`))
  return faults.length > 0 ? { error: 'invalid_blocks', messages: faults } : blocks
}

function blockFaults(block: unknown, at: string): string[] {
  if (!isThing(block)) return [fault('must be an object', at)]
  switch (block['type']) {
    case 'header':
      return [
        ...keyFaults(block, ['text'], at),
        ...textFaults(block['text'], limits.header, `${at}/text`, ['plain_text']),
      ]
    case 'section':
      return [...keyFaults(block, ['text', 'fields', 'accessory', 'expand'], at), ...sectionFaults(block, at)]
    case 'context':
      return [
        ...keyFaults(block, ['elements'], at),
        ...listFaults(block['elements'], limits.elements, limits.text, `${at}/elements`),
      ]
    case 'divider':
      return keyFaults(block, [], at)
    default:
      return [fault(`unsupported type: ${String(block['type'])}`, `${at}/type`)]
  }
}

function sectionFaults(block: Thing, at: string): string[] {
  if (block['text'] === undefined && block['fields'] === undefined) return [fault('missing required field: text', at)]
  return [
    ...(block['text'] === undefined ? [] : textFaults(block['text'], limits.text, `${at}/text`)),
    ...(block['fields'] === undefined ? [] : listFaults(block['fields'], limits.fields, limits.field, `${at}/fields`)),
  ]
}

function listFaults(list: unknown, most: number, longest: number, at: string): string[] {
  if (!Array.isArray(list) || list.length === 0) return [fault('must provide at least 1 item', at)]
  if (list.length > most) return [fault(`no more than ${most} items allowed`, at)]
  return list.flatMap((item, index) => textFaults(item, longest, `${at}/${index}`))
}

function textFaults(text: unknown, longest: number, at: string, types = ['plain_text', 'mrkdwn']): string[] {
  if (!isThing(text)) return [fault('missing required field: text', at)]
  if (!types.includes(String(text['type']))) return [fault(`must be one of: ${types.join(', ')}`, `${at}/type`)]
  const faults = keyFaults(text, ['text', text['type'] === 'mrkdwn' ? 'verbatim' : 'emoji'], at)
  const value = text['text']
  if (typeof value !== 'string') faults.push(fault('must be a string', `${at}/text`))
  else if (value.length === 0) faults.push(fault('must be more than 0 characters', `${at}/text`))
  else if (value.length > longest) faults.push(fault(`must be less than ${longest + 1} characters`, `${at}/text`))
  return faults
}

function keyFaults(thing: Thing, allowed: readonly string[], at: string): string[] {
  const known = new Set([...allowed, 'type', 'block_id'])
  const faults = Object.keys(thing).flatMap((key) =>
    known.has(key) ? [] : [fault(`invalid additional property: ${key}`, at)],
  )
  const id = thing['block_id']
  if (typeof id === 'string' && id.length > limits.blockId) faults.push(fault('must be less than 256 characters', at))
  return faults
}

function fault(words: string, at: string): string {
  return `[ERROR] ${words} [json-pointer:${at}]`
}

function isThing(value: unknown): value is Thing {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
