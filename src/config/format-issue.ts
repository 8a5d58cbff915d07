import type { Issue } from './issue.ts'

/** One line an operator and an editor's terminal can follow: `flows/lead-gen/mapping.yaml:12:9 error FG_CONFIG_… message`. */
export function formatIssue({ file, line, column, severity, code, message }: Issue): string {
  return `${file}:${line}:${column} ${severity} ${code} ${message}`
}
