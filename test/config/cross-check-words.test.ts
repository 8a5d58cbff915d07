import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatIssue } from '../../src/config/format-issue.ts'
import { load } from './configuration-folder.ts'
import { altered } from './dynamic-configuration.ts'

const FLOW = 'flows/book/flow.yaml'
const MAPPING = 'flows/book/mapping.yaml'
const TESTS = 'flows/book/tests.yaml'
const FLOW_JSON = 'flows/book/flow.json'

/** What is wrong with languages, variants, sessions and tests → the dynamic configuration with that mistake, and the one line that is said about it. */
const cases: Readonly<Record<string, readonly [Record<string, string>, string]>> = {
  'no variant has a weight': [
    altered(FLOW, '{ short: 1, long: 3 }', '{ short: 0, long: 0 }'),
    `${FLOW}:6:11 error FG_CONFIG_VARIANTS no variant has a weight above 0: nobody would get any`,
  ],
  'a condition names a variant that does not exist': [
    altered(FLOW, 'session.variant: long', 'session.variant: lnog'),
    `${FLOW}:72:34 error FG_CONFIG_VARIANT_UNKNOWN the flow has no variant \`lnog\`: did you mean \`long\`?`,
  ],
  'the time zone does not exist': [
    altered(FLOW, 'America/Sao_Paulo', 'America/Sao_Paolo'),
    `${FLOW}:5:12 error FG_CONFIG_TIME_ZONE "America/Sao_Paolo" is no time zone: write a name such as Europe/Berlin or America/Sao_Paulo`,
  ],
  'a text lacks a language': [
    altered(FLOW, '{ en: Taken., pt_BR: Ocupado. }', '{ en: Taken. }'),
    `${FLOW}:62:9 advice FG_CONFIG_LANGUAGE_MISSING there is nothing for pt_BR here: people who speak that read en`,
  ],
  'a language is written as others write it': [
    altered(FLOW, '{ en: Taken., pt_BR: Ocupado. }', '{ en: Taken., pt-br: Ocupado. }'),
    `${FLOW}:62:30 error FG_CONFIG_FORM \`pt-br\` cannot be a name here: it must be a language such as en or pt_BR: did you mean \`pt_BR\`?`,
  ],
  'a text is a number': [
    altered(FLOW, '{ en: Taken., pt_BR: Ocupado. }', '7'),
    `${FLOW}:62:16 error FG_CONFIG_TYPE \`taken\` must be text or a map of keys`,
  ],
  'a path names something that no session has': [
    altered(FLOW, 'session.today', 'session.todya'),
    `${FLOW}:40:49 error FG_CONFIG_PATH_UNKNOWN \`session.todya\` leads nowhere: no session has that in a flow: did you mean \`today\`?`,
  ],
  'a path names something that only submissions have': [
    altered(FLOW, 'session.today', 'session.path'),
    `${FLOW}:40:49 error FG_CONFIG_PATH_UNKNOWN \`session.path\` leads nowhere: no session has that in a flow`,
  ],
  'a mapping looks at what only a run that goes on knows': [
    altered(MAPPING, 'session.reservations.place.key', 'session.round'),
    `${MAPPING}:9:20 error FG_CONFIG_PATH_UNKNOWN \`session.round\` leads nowhere: no session has that in a mapping`,
  ],
  'an attribute of the person depends on a check': [
    altered(
      FLOW,
      '  tier: { from: asked.customer.tier }\nasks',
      '  tier: { first_of: [asked.customer.tier, checks.coupon.value] }\nasks',
    ),
    `${FLOW}:11:43 error FG_CONFIG_PATH_UNKNOWN \`checks.coupon.value\` is always absent here: attributes of the person are worked out when a run begins`,
  ],
  'a mapping names a reservation that does not exist': [
    altered(MAPPING, 'session.reservations.place.key', 'session.reservations.plce.key'),
    `${MAPPING}:9:20 error FG_CONFIG_PATH_UNKNOWN \`session.reservations.plce.key\` names a reservation that no screen has: did you mean \`place\`?`,
  ],
  'a mapping looks at what only requests have': [
    altered(MAPPING, 'name: { from: form.name }', 'name: { from: sent.name }'),
    `${MAPPING}:8:21 error FG_CONFIG_PATH \`sent\` is not known here: only \`form\`, \`person\`, \`session\`, \`flow\`, \`data\` or \`records\``,
  ],
  'a hand-over notifies a CRM': [
    altered(MAPPING, '- { id: page, to: team', '- { id: page, to: main'),
    `${MAPPING}:18:23 error FG_CONFIG_DESTINATION_KIND destination \`main\` takes records: this needs a notification destination`,
  ],
  'an expired form names a field that no screen has': [
    altered(MAPPING, '"{person.name} came', '"{form.nam} came'),
    `${MAPPING}:21:36 error FG_CONFIG_FIELD_UNKNOWN \`form.nam\` names a field that no screen has: did you mean \`name\`?`,
  ],
  'a test names a source that does not exist': [
    altered(TESTS, 'shop: { customer', 'shp: { customer'),
    `${TESTS}:2:3 error FG_CONFIG_TEST there is no source \`shp\`: did you mean \`shop\`?`,
  ],
  'a test names a query that its source does not have': [
    altered(TESTS, 'coupon: unavailable', 'cupon: unavailable'),
    `${TESTS}:8:76 error FG_CONFIG_TEST there is no query \`cupon\`: did you mean \`coupon\`?`,
  ],
  'a test sends a key that its screen does not': [
    altered(TESTS, 'select: { trigger: day', 'select: { triger: day'),
    `${TESTS}:10:35 error FG_CONFIG_TEST there is no payload key \`triger\`: did you mean \`trigger\`?`,
  ],
  'a test expects data that its screen does not have': [
    altered(TESTS, 'shows: { hint', 'shows: { hnt'),
    `${TESTS}:10:91 error FG_CONFIG_TEST there is no data key \`hnt\`: did you mean \`hint\`?`,
  ],
  'a test names a variant that does not exist': [
    altered(TESTS, 'variant: short', 'variant: shot'),
    `${TESTS}:6:14 error FG_CONFIG_TEST there is no variant \`shot\`: did you mean \`short\`?`,
  ],
  'a test names a version that does not exist': [
    altered(TESTS, 'version: "1"', 'version: "2"'),
    `${TESTS}:7:14 error FG_CONFIG_TEST there is no version \`2\`: there is 1`,
  ],
  'a step does two things': [
    altered(TESTS, 'back: true,', 'back: true, reopen: true,'),
    `${TESTS}:11:9 error FG_CONFIG_TEST a step does one thing: fill, select, back or reopen`,
  ],
  'a step is on no screen': [
    altered(TESTS, 'screen: PICK, back: true', 'back: true'),
    `${TESTS}:11:9 error FG_CONFIG_TEST a step names the screen the person is on`,
  ],
  'a Flow JSON says another version': [
    altered(FLOW_JSON, `"flow_version": "\${form.flow_version}"`, '"flow_version": "2"'),
    `${FLOW_JSON}:134:33 error FG_CONFIG_VERSION_SENT \`flow_version\` says version \`2\`, but this is the Flow JSON of version \`1\``,
  ],
}

for (const [name, [files, ...expected]] of Object.entries(cases)) {
  test(`one line is said where ${name}`, async () => {
    const result = await load(files)
    assert.deepEqual(result.issues.map(formatIssue), expected)
    assert.equal(
      result.ok,
      expected.every((line) => line.includes(' advice ')),
    )
  })
}
