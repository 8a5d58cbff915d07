import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatIssue } from '../../src/config/format-issue.ts'
import { EMPTY_SCOPE } from '../../src/value/scope.ts'
import { load } from './configuration-folder.ts'
import { flowJson, SMALL, screen, text } from './small-configuration.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d', 'hex')
const JPEG = Buffer.from('ffd8ffe000104a46', 'hex')
const IMAGES = 'flows/ask/images'

/** The small flow, whose first screen shows a picture. */
const showing = (image: string) => ({
  ...SMALL,
  'flows/ask/flow.json': flowJson(
    { ASK: ['DONE'], DONE: [] },
    screen('ASK', {
      sends: ['name', 'size'],
      data: { hello: text() },
      children: [{ type: 'Image', src: `\${data.hello}` }],
    }),
    screen('DONE', { sends: ['goal'], terminal: true }),
  ),
  'flows/ask/flow.yaml': SMALL['flows/ask/flow.yaml'].replace('hello: Hello', `hello: { image: ${image} }`),
})

test('the images of a flow are read as base64 text', async () => {
  const files = { [`${IMAGES}/logo.png`]: PNG, [`${IMAGES}/Photo.JPG`]: JPEG, [`${IMAGES}/notes.txt`]: 'x' }
  for (const [name, bytes] of [
    ['logo.png', PNG],
    ['Photo.JPG', JPEG],
  ] as const) {
    const result = await load({ ...showing(name), ...files })
    assert.deepEqual(result.issues.map(formatIssue), [])
    assert.ok(result.ok)
    const value = result.configuration.flows.get('ask')?.flow.screens.get('ASK')?.data.get('hello')
    assert.equal(await value?.evaluate(EMPTY_SCOPE), bytes.toString('base64'))
  }
})

test('an image that is not there is named with the one it was most likely meant as', async () => {
  const result = await load({ ...showing('lego.png'), [`${IMAGES}/logo.png`]: PNG })
  assert.deepEqual(
    result.issues.map(({ file, severity }) => [file, severity]),
    [['flows/ask/flow.yaml', 'error']],
  )
  assert.match(result.issues[0]?.message ?? '', /lego\.png.*logo\.png/u)
})

test('images that WhatsApp would not show are errors at their own file', async () => {
  const large = Buffer.concat([PNG, Buffer.alloc(300 * 1024)])
  const result = await load({
    ...showing('logo.png'),
    [`${IMAGES}/logo.png`]: PNG,
    [`${IMAGES}/anim.gif`]: 'GIF89a',
    [`${IMAGES}/large.png`]: large,
    [`${IMAGES}/page.jpeg`]: '<!doctype html>',
    [`${IMAGES}/folder.png/x`]: 'x',
  })
  assert.deepEqual(result.issues.map(formatIssue), [
    `${IMAGES}/anim.gif:1:1 error FG_CONFIG_IMAGE WhatsApp shows JPEG and PNG only: convert the image`,
    `${IMAGES}/folder.png:1:1 error FG_CONFIG_IMAGE cannot be read (EISDIR): check that it is a file and its permissions`,
    `${IMAGES}/large.png:1:1 error FG_CONFIG_IMAGE the image has 301 KB: WhatsApp shows 300 KB at most, so make it smaller`,
    `${IMAGES}/page.jpeg:1:1 error FG_CONFIG_IMAGE the file is neither a JPEG nor a PNG image, whatever its name says: save it as one of the two`,
  ])
})
