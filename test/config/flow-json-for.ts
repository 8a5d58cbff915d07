import { comparedWith } from '../../src/config/cross-check/compared-with.ts'
import { targetsOf } from '../../src/config/cross-check/targets.ts'
import type { FlowFile, ScreenFile } from '../../src/config/schema/flow.ts'
import type { JsonObject } from '../../src/plugin/json.ts'
import { flowJson } from './small-configuration.ts'

/**
 * A Flow JSON that fits a `flow.yaml`: each screen declares the data it is given, sends its fields in its Footer, and has
 * a link for each payload that its triggers and rules look for. Screens lead to one another in the order written.
 */
export function flowJsonFor(file: FlowFile): string {
  const ids = Object.keys(file.screens)
  const routing = Object.fromEntries(ids.map((id, index) => [id, edgesOf(id, file, ids.slice(index + 1))]))
  return flowJson(routing, ...ids.map((id) => screenFor(id, file.screens[id] ?? {})))
}

function edgesOf(id: string, { screens }: FlowFile, later: readonly string[]): readonly string[] {
  const shownBy = (one: string) => targetsOf(one, screens[one]).map((target) => target.screen)
  const shown = new Set(shownBy(id))
  // A form that goes on later jumps over screens.
  const resumes = screens[id]?.next?.some(({ resume }) => resume === true) === true
  // What leads back goes along an edge that leads there.
  return later.filter((other) => shown.has(other) || resumes || shownBy(other).includes(id))
}

function screenFor(id: string, screen: ScreenFile): JsonObject {
  const fields = Object.keys(screen.fields ?? {})
  const payload = Object.fromEntries(fields.map((name) => [name, `\${form.${name}}`]))
  const ask = (sent: JsonObject): JsonObject => ({ name: 'data_exchange', payload: { ...payload, ...sent } })
  const ends = screen.next === undefined
  const last = ends || screen.next?.some(({ submit, show }) => submit === true && show === undefined) === true
  const links = sentBy(screen).map((sent) => ({ type: 'EmbeddedLink', text: 'Go', 'on-click-action': ask(sent) }))
  const action = ends ? { name: 'complete', payload: {} } : ask({})
  return {
    id,
    title: id,
    terminal: last,
    data: Object.fromEntries(Object.entries(screen.data ?? {}).map(([key, value]) => [key, declared(value)])),
    layout: {
      type: 'SingleColumnLayout',
      children: [
        ...fields.map((name) => ({ type: 'TextInput', name, label: name })),
        ...links,
        { type: 'Footer', label: 'Go on', 'on-click-action': action },
      ],
    },
  }
}

/** Every constant that conditions of the screen want in `sent.<key>`, each as a payload. */
function sentBy(screen: ScreenFile): readonly JsonObject[] {
  const conditions = [...(screen.triggers ?? []), ...(screen.next ?? [])].map(({ when }) => when)
  const paths = new Set(JSON.stringify(conditions).match(/(?<=")sent\.[\w-]+(?=")/gu) ?? [])
  return [...paths].flatMap((path) =>
    conditions.flatMap((when) =>
      [...comparedWith(path, when, [])].map(({ literal }) => ({ [path.slice('sent.'.length)]: literal })),
    ),
  )
}

/** The schema of a data key, as far as its value tells its type: lists of objects, true or false, else text. */
function declared(value: unknown): JsonObject {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
  if (keys.includes('that')) return { type: 'boolean', __example__: true }
  const lists = Array.isArray(value) || keys.includes('each') || /"from":"asked\.\w+"/u.test(JSON.stringify(value))
  return lists
    ? { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } }, __example__: [] }
    : { type: 'string', __example__: 'x' }
}
