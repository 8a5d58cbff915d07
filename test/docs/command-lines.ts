import type { Page } from './markdown.ts'

/** A command line that a page tells people to type. */
export interface CommandLine {
  /** `README.md:12`, for messages. */
  readonly place: string
  readonly argv: readonly string[]
}

/** Every `npx flowgate …` and `docker compose run … web|worker …` of a page, in blocks and in running text. */
export function commandLines({ file, text }: Page): readonly CommandLine[] {
  const joined = text.replaceAll('\\\n', '  ')
  return joined.split('\n').flatMap((line, index) =>
    [...line.matchAll(/(?:npx flowgate|docker compose run --rm (?:web|worker))(?<rest>[^`\n]*)/g)].map(
      ({ groups }) => ({
        place: `${file}:${index + 1}`,
        argv: split(groups?.['rest'] ?? ''),
      }),
    ),
  )
}

/** Words as a shell splits them: quotes hold words together, and an unquoted ` #` ends the line. */
function split(text: string): readonly string[] {
  const uncommented = text.replace(/\s#.*$/, '')
  return [...uncommented.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
}
