import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainMarkdown } from '../../../plugins/teams/markdown.ts'
import { readMarkdown } from '../../stand-ins/teams-shown.ts'

test('what anybody types reads as it was typed and does nothing', () => {
  const typed = [
    '[x](http://evil.example)',
    '![x](http://evil.example/a.png)',
    '<at>Ana</at> <!channel> <@U1>',
    '<https://evil.example>',
    '*b* **b** _i_ __i__ ~~s~~ `c`',
    '{{DATE(2026-11-21T00:00:00Z, SHORT)}}',
    '- a list\n1. another\n2) and one\n# heading\n+ more\n===\n---',
    'Smith & Sons &lt;b&gt; &#42;',
    '\\*not\\* \\[x\\](y)',
    'snake_case_name 3*4*5 a|b',
    '  - indented',
    'R$ 1.200,00 (aprox.) + frete!',
  ]
  for (const text of typed) assert.deepEqual(readMarkdown(plainMarkdown(text)), { text, live: [] }, text)
})

test('the reader of this test finds what is live', () => {
  const live: readonly [markdown: string, live: readonly string[]][] = [
    ['[x](http://evil.example)', ['[x](http://evil.example)']],
    ['<at>Ana</at>', ['<at>', '</at>']],
    ['*b*', ['*']],
    ['- a\n\n1. b\n\n# c', ['-', '1.', '#']],
    ['{{DATE(2026)}}', ['{{DATE(2026)}}']],
    ['&lt;', ['&lt;']],
  ]
  for (const [markdown, expected] of live) assert.deepEqual(readMarkdown(markdown).live, expected, markdown)
})
