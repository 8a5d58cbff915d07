import type { Path, Report } from '../config/issue.ts'
import type { NotificationFile } from '../config/schema/notification.ts'
import { parseDuration } from '../value/duration.ts'
import { compileTemplate } from '../value/template.ts'
import { compileValue } from '../value/value.ts'
import { compileRecipient } from './compile-recipient.ts'
import { compileWhen, ITEM_OPTIONS, mentioned, named, waitsFor } from './item.ts'
import type { NotificationMapping, Occasion } from './model.ts'
import type { Draft, Reference } from './references.ts'

const LATE_AFTER_SECONDS = 15 * 60

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
  const { recipient, references: ofRecipient } =
    raw.recipient === undefined ? { references: [] } : compileRecipient(raw.recipient, report, [...path, 'recipient'])
  const ofWhen = mentioned(when?.paths, [...path, 'when'])
  const references = [
    ...named(raw.after, 'after', path),
    ...ofWhen,
    ...ofRecipient,
    ...mentioned(title.paths, [...path, 'title']),
    ...mentioned(text?.paths, [...path, 'text']),
    ...facts.flatMap(({ label, value }) => mentioned(value.paths, [...path, 'facts', label])),
    ...mentioned(link?.url.paths, [...path, 'link', 'url']),
  ]
  const lateAfterSeconds = compileLate(raw.notify_late_after, { references, ofWhen }, report, path)
  return {
    path,
    references,
    item: {
      id: raw.id,
      to: raw.to,
      occasion,
      ...(when === undefined ? {} : { when }),
      waitsFor: waitsFor(references),
      ...(recipient === undefined ? {} : { recipient }),
      ...(lateAfterSeconds === undefined ? {} : { lateAfterSeconds }),
      title,
      ...(text === undefined ? {} : { text }),
      facts,
      ...(link === undefined ? {} : { link }),
    },
  }
}

/** Seconds until the late notice; `undefined` where there is none: the message waits for nothing, or nobody can tell whether it is to be sent. */
function compileLate(
  raw: string | undefined,
  { references, ofWhen }: { readonly references: readonly Reference[]; readonly ofWhen: readonly Reference[] },
  report: Report,
  path: Path,
): number | undefined {
  const fault = (code: string, message: string) => {
    report({ severity: 'error', path: [...path, 'notify_late_after'], code, message })
    return undefined
  }
  if (raw === 'never') return undefined
  const seconds = raw === undefined ? LATE_AFTER_SECONDS : parseDuration(raw)
  if (seconds === undefined) {
    return fault('FG_CONFIG_DURATION', `\`${raw}\` is not a duration: write \`15m\`, \`2h\` or \`1d\`, or \`never\``)
  }
  if (references.length === 0) {
    if (raw === undefined) return undefined
    return fault(
      'FG_CONFIG_LATE',
      'the message waits for no record, so it is never late: leave `notify_late_after` out',
    )
  }
  if (ofWhen.length === 0) return seconds
  if (raw === undefined) return undefined
  const message =
    '`when` refers to a record, so before that is confirmed nobody can tell whether there is a message: write `never`'
  return fault('FG_CONFIG_LATE', message)
}
