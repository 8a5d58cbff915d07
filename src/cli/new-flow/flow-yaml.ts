import type { RawValue } from '../../config/schema/value.ts'
import type { Json, JsonObject } from '../../plugin/json.ts'
import type { Draft, DraftScreen } from './draft.ts'
import type { Page, Remark } from './yaml-page.ts'

/** What a person calls a flow, and its version. */
export interface Named {
  readonly name: string
  readonly title: string
  readonly version: string
}

/** The page of a draft. */
export function flowPage(draft: Draft, { name, title, version }: Named): Page {
  const { alsoOpensAt } = draft
  const remarks: Remark[] = draft.screens.flatMap(remarksOn)
  if (alsoOpensAt.length > 0) {
    const text = 'further screens that no other leads to: take out those that no message opens the form at'
    remarks.push({ path: ['also_opens_at'], text, above: true })
  }
  return {
    head: ['Which answers the screens ask for, what they show and where they lead: docs/reference/configuration.md.'],
    content: plain({
      flow: name,
      title,
      version,
      first_screen: draft.firstScreen,
      ...(alsoOpensAt.length === 0 ? {} : { also_opens_at: alsoOpensAt }),
      screens: Object.fromEntries(draft.screens.map((screen) => [screen.id, contentOf(screen)])),
    }),
    remarks,
  }
}

function contentOf({ fields, data, triggers, rules }: DraftScreen): Readonly<Record<string, unknown>> {
  return {
    ...(fields.length === 0
      ? {}
      : { fields: Object.fromEntries(fields.map(({ name, settings }) => [name, settings])) }),
    ...(data.size === 0 ? {} : { data: Object.fromEntries([...data].map(([key, { value }]) => [key, value])) }),
    ...(triggers.length === 0 ? {} : { triggers: triggers.map(({ when }) => ({ when })) }),
    ...(rules.rules.length === 0 ? {} : { next: rules.rules }),
  }
}

function remarksOn({ id, title, fields, data, triggers, rules, alone }: DraftScreen): readonly Remark[] {
  const at = ['screens', id]
  const ending = alone === undefined ? [] : [`${alone} without asking the gateway`]
  const about = [...(title === undefined ? [] : [JSON.stringify(title)]), ...ending].join(' ')
  return [
    ...(about === '' ? [] : [{ path: at, text: about, above: true }]),
    ...fields.flatMap(({ name, remark: text }) =>
      text === undefined ? [] : [{ path: [...at, 'fields', name], text }],
    ),
    ...[...data].map(([key, { remark: text }]) => ({ path: [...at, 'data', key], text })),
    ...triggers.map(({ remark: text }, index) => ({ path: [...at, 'triggers', index], text, above: true })),
    ...[...rules.remarks].map(([index, text]) => ({ path: [...at, 'next', index], text, above: true })),
  ]
}

/** Content without anything that is not JSON. */
function plain(content: { readonly [key: string]: unknown }): JsonObject {
  return content as { readonly [key: string]: Json & RawValue }
}
