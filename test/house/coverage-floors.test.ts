import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { describe, it } from 'node:test'
import { checkFloors } from '../support/coverage-floors.ts'

const file = 'src/value/path.ts'
const covered = (coveredLineCount: number) => [{ path: resolve(file), totalLineCount: 100, coveredLineCount }]

describe('coverage floors', () => {
  it('are content with 95 of 100 lines and not with 94', () => {
    assert.deepEqual(checkFloors(covered(95), [file]), [])
    assert.deepEqual(checkFloors(covered(94), [file]), [`coverage: ${file} has 94.0 %, less than 95 %`])
  })

  it('name a file with code that no test loads, which the report leaves out', () => {
    const problems = checkFloors(covered(100), ['src/value/{path,text}.ts'])
    assert.deepEqual(problems, ['coverage: no test loads src/value/text.ts'])
  })

  it('do not ask for a file that holds types only, for nothing of it can run', () => {
    assert.deepEqual(checkFloors(covered(100), ['{src/value/path.ts,src/map/model.ts}']), [])
  })

  it('notice a room that was moved away', () => {
    assert.deepEqual(checkFloors(covered(100), ['src/nowhere/**/*.ts']), [
      'coverage: src/nowhere/**/*.ts names no file',
    ])
  })
})
