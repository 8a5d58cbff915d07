import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { importsOf } from '../support/sources.ts'

describe('the reader of imports', () => {
  it('sees imports of every form', () => {
    const text = [
      `import a from 'one'`,
      `import type { B } from '../two.ts'`,
      `import {\n  c,\n  type D,\n} from './three.ts'`,
      `import 'four'`,
      `export * from 'five'`,
      `export type { E } from 'six'`,
      `const f = await import('seven')`,
      `import g, { type H } from 'eight'`,
      `import * as i from 'nine'`,
    ].join('\n')
    assert.deepEqual(
      importsOf('src/flow/x.ts', text)
        .map(({ target, typeOnly }) => (typeOnly ? `type ${target}` : target))
        .sort(),
      [...['eight', 'five', 'four', 'nine', 'one', 'seven', 'src/flow/three.ts'], ...['type six', 'type src/two.ts']],
    )
  })
})
