import type { Issue, Report } from './issue.ts'
import type { SourceFile } from './source-file.ts'

/** A report whose findings are placed in `source`. */
export function reportIn(source: SourceFile, add: (issue: Issue) => void): Report {
  return ({ severity, code, message, path, atKey }) =>
    add({ severity, code, message, file: source.file, ...source.place(path, atKey) })
}
