import { tellsSource } from '../../flow/source-tracking.ts'
import { didYouMean } from '../../value/nearest.ts'
import { misnamedScreens } from './misnamed.ts'
import type { FlowParts } from './parts.ts'
import { sentKeys } from './sent.ts'

/** Compares the fields of each screen with the keys its `data_exchange` actions send, both ways. */
export function checkAnswers(parts: FlowParts): void {
  const { file, flow, report, reportFlowJson } = parts
  const everyField = new Set(Object.values(file.screens).flatMap(({ fields }) => Object.keys(fields ?? {})))
  const misnamed = misnamedScreens({ file, flow })
  for (const [index, screen] of [...flow.flowJson.screens.values()].entries()) {
    const own = Object.hasOwn(file.screens, screen.id) ? file.screens[screen.id] : undefined
    for (const name of Object.keys(own?.fields ?? {})) {
      if (screen.payloadKeys.has(name)) continue
      const why = screen.asksEndpoint
        ? `no data_exchange payload of the screen carries it${didYouMean(name, screen.payloadKeys)}`
        : 'the screen has no data_exchange action'
      const message = `field \`${name}\` of screen \`${screen.id}\` never arrives: ${why}`
      const path = ['screens', screen.id, 'fields', name]
      report({ severity: 'error', path, code: 'FG_CONFIG_FIELD_NOT_SENT', message, atKey: true })
    }
    const looked = sentKeys(parts, screen.id)
    const lost = [...screen.payloadKeys].filter(
      (key) => !everyField.has(key) && !looked.has(key) && key !== flow.versionKey && !tellsSource(key),
    )
    if (lost.length === 0 || misnamed.has(screen.id)) continue
    const keys = lost.join(', ')
    const message = `screen \`${screen.id}\` sends ${keys}, but no field in flow.yaml takes ${lost.length === 1 ? 'it' : 'them'}: what is sent there is dropped`
    const finding = { severity: 'advice', code: 'FG_CONFIG_ANSWER_DROPPED', message } as const
    if (own === undefined) reportFlowJson({ ...finding, path: ['screens', index, 'id'] })
    else report({ ...finding, path: ['screens', screen.id], atKey: true })
  }
}
