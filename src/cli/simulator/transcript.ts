import type { TranscriptLine, Verdict } from './finding.ts'

const WIDTH = 96

/** One line: who speaks, the screen, its data in a few words, and how long the answer took. */
export function transcriptLine({ arrow, text, ms }: TranscriptLine): string {
  const line = `  ${arrow} ${text}`
  return ms === undefined ? line : `${line.padEnd(WIDTH)} ${Math.round(ms)} ms`
}

/** A check as a person reads it: what was played, every line of it, then what is wrong or that nothing is. */
export function transcript({ check, title, lines, findings, skipped }: Verdict): string {
  if (skipped !== undefined) return `${check}: ${title}\n  – not played: ${skipped}\n`
  const verdict = findings.map(({ kind, message }) => `  ✗ ${kind}: ${message}`)
  return [
    `${check}: ${title}`,
    ...lines.map(transcriptLine),
    ...(verdict.length === 0 ? ['  ✓ passed'] : verdict),
    '',
  ].join('\n')
}
