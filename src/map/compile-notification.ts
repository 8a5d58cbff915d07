import type { Path, Report } from '../config/issue.ts'
import type { NotificationFile } from '../config/schema/notification.ts'
import { compileTemplate } from '../value/template.ts'
import { compileValue } from '../value/value.ts'
import { compileWhen, ITEM_OPTIONS, mentioned, named, waitsFor } from './item.ts'
import type { NotificationMapping, Occasion } from './model.ts'
import type { Draft } from './references.ts'

/** Checks one notification of a mapping file and makes it ready to run. */
export function compileNotification(
  raw: NotificationFile,
  occasion: Occasion,
  report: Report,
  path: Path,
): Draft<NotificationMapping> {
  const when = compileWhen(raw, report, path)
  const template = (text: string, ...keys: string[]) => compileTemplate(text, report, [...path, ...keys], ITEM_OPTIONS)
  const title = template(raw.title, 'title')
  const text = raw.text === undefined ? undefined : template(raw.text, 'text')
  const link = raw.link && { label: raw.link.label, url: template(raw.link.url, 'link', 'url') }
  const facts = Object.entries(raw.facts ?? {}).map(([label, value]) => ({
    label,
    value: compileValue(value, report, [...path, 'facts', label], { ...ITEM_OPTIONS, objects: 'refused' }),
  }))
  const references = [
    ...named(raw.after, 'after', path),
    ...mentioned(when?.paths, [...path, 'when']),
    ...mentioned(title.paths, [...path, 'title']),
    ...mentioned(text?.paths, [...path, 'text']),
    ...facts.flatMap(({ label, value }) => mentioned(value.paths, [...path, 'facts', label])),
    ...mentioned(link?.url.paths, [...path, 'link', 'url']),
  ]
  return {
    path,
    references,
    item: {
      id: raw.id,
      to: raw.to,
      occasion,
      ...(when === undefined ? {} : { when }),
      waitsFor: waitsFor(references),
      title,
      ...(text === undefined ? {} : { text }),
      facts,
      ...(link === undefined ? {} : { link }),
    },
  }
}
