import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatIssue } from '../../src/config/format-issue.ts'
import { load } from './configuration-folder.ts'
import { altered } from './dynamic-configuration.ts'

const FLOW = 'flows/book/flow.yaml'
const DESTINATIONS = 'destinations.yaml'

/** What is wrong with asks and reservations name what there is → the dynamic configuration with that mistake, and the one line that is said about it. */
const cases: Readonly<Record<string, readonly [Record<string, string>, string]>> = {
  'an ask names a source that does not exist': [
    altered(FLOW, 'source: shop', 'source: shp'),
    `${FLOW}:14:13 error FG_CONFIG_SOURCE_UNKNOWN there is no source \`shp\`: did you mean \`shop\`?`,
  ],
  'an ask names a destination': [
    altered(FLOW, 'source: shop', 'source: main'),
    `${FLOW}:14:13 error FG_CONFIG_SOURCE_UNKNOWN there is no source \`main\`: a destination of that name takes deliveries and answers nothing`,
  ],
  'an ask names a query that its source does not have': [
    altered(FLOW, 'query: slots', 'query: slotz'),
    `${FLOW}:20:12 error FG_CONFIG_QUERY_UNKNOWN source \`calendar\` has no query \`slotz\`: did you mean \`slots\`?`,
  ],
  'an ask names a query that reserves': [
    altered(FLOW, 'query: coupon', 'query: hold'),
    `${FLOW}:25:12 error FG_CONFIG_QUERY_PURPOSE query \`hold\` of source \`calendar\` reserves something: an ask needs one that only reads`,
  ],
  'a parameter is mistyped': [
    altered(FLOW, 'with: { day: { from', 'with: { dya: { from'),
    `${FLOW}:21:13 error FG_CONFIG_PARAMETER \`slots\` has no parameter \`dya\`: did you mean \`day\`?`,
  ],
  'a parameter is missing': [
    altered(FLOW, ', tier: { from: asked.customer.tier } }', ' }'),
    `${FLOW}:21:5 error FG_CONFIG_PARAMETER \`slots\` needs the parameter \`tier\`: give it in \`with\``,
  ],
  'a parameter is none of the query': [
    altered(FLOW, 'with: { code:', 'with: { extra: 1, code:'),
    `${FLOW}:26:13 error FG_CONFIG_PARAMETER \`coupon\` has no parameter \`extra\`: there is code, country`,
  ],
  'a reservation reserves by what gives back': [
    altered(FLOW, 'reserve: hold', 'reserve: free'),
    `${FLOW}:58:18 error FG_CONFIG_QUERY_PURPOSE query \`free\` of source \`calendar\` gives something back: \`reserve\` needs one that takes something`,
  ],
  'a reservation gives back by a mistyped query': [
    altered(FLOW, 'release: free', 'release: fre'),
    `${FLOW}:59:18 error FG_CONFIG_QUERY_UNKNOWN source \`calendar\` has no query \`fre\`: did you mean \`free\`?`,
  ],
  'a parameter of a reservation is mistyped': [
    altered(FLOW, 'with: { slot: { from: form.slot } }', 'with: { slut: { from: form.slot } }'),
    `${FLOW}:60:17 error FG_CONFIG_PARAMETER \`hold\` and \`free\` have no parameter \`slut\`: did you mean \`slot\`?`,
  ],
  'a value refers to an ask that does not exist': [
    altered(FLOW, 'each: asked.slots', 'each: asked.slot'),
    `${FLOW}:37:15 error FG_CONFIG_ASK_UNKNOWN \`asked.slot\` names an ask that the flow does not have: did you mean \`slots\`?`,
  ],
  'nothing refers to an ask': [
    altered(FLOW, 'asks:\n  customer', 'asks:\n  idle: { source: shop, query: anything }\n  customer'),
    `${FLOW}:13:3 advice FG_CONFIG_ASK_UNUSED nothing refers to \`asked.idle\`: it is never asked`,
  ],
  'asks wait for one another': [
    altered(FLOW, 'with: { phone: { from: person.phone } }', 'with: { phone: { from: asked.slots.0.phone } }'),
    `${FLOW}:21:52 error FG_CONFIG_ASK_CIRCLE these wait for one another in a circle: \`asked.customer\` → \`asked.slots\` → \`asked.customer\``,
  ],
  'a value of the flow is mistyped': [
    altered(FLOW, 'asks:\n', 'values: { one: 1 }\nanswer: { tier: { from: values.onne } }\nasks:\n'),
    `${FLOW}:13:25 error FG_CONFIG_VALUE_UNKNOWN \`values.onne\` names a value that the flow does not have: did you mean \`one\`?`,
  ],
  'values wait for one another': [
    altered(FLOW, 'asks:\n', 'values: { one: { from: values.two }, two: { from: values.one } }\nasks:\n'),
    `${FLOW}:12:51 error FG_CONFIG_ASK_CIRCLE these wait for one another in a circle: \`values.one\` → \`values.two\` → \`values.one\``,
  ],
  'a fallback is mistyped': [
    altered(FLOW, 'if_unavailable: accept_and_flag', 'if_unavailable: acept_and_flag'),
    `${FLOW}:28:21 error FG_CONFIG_TYPE \`if_unavailable\` must be stale or accept_and_flag or { message: … } or { show: … } or a list: did you mean \`accept_and_flag\`?`,
  ],
  'a fallback in a list is mistyped': [
    altered(FLOW, 'if_unavailable: [stale, { show: HELP }]', 'if_unavailable: [stael, { show: HELP }]'),
    `${FLOW}:22:22 error FG_CONFIG_TYPE item 1 of \`if_unavailable\` must be stale or accept_and_flag or { message: … } or { show: … }: did you mean \`stale\`?`,
  ],
  'a fallback in a list has an unknown key': [
    altered(FLOW, 'if_unavailable: [stale, { show: HELP }]', 'if_unavailable: [stale, { shw: HELP }]'),
    `${FLOW}:22:29 error FG_CONFIG_TYPE item 2 of \`if_unavailable\` must be stale or accept_and_flag or { message: … } or { show: … }`,
  ],
  'a fallback shows a screen that does not exist': [
    altered(FLOW, 'if_unavailable: [stale, { show: HELP }]', 'if_unavailable: [stale, { show: HALP }]'),
    `${FLOW}:22:37 error FG_CONFIG_SCREEN_UNKNOWN screen \`HALP\` does not exist: did you mean \`HELP\`?`,
  ],
  'a fallback shows a screen to which no edge leads': [
    altered(FLOW, 'if_unavailable: [stale, { show: HELP }]', 'if_unavailable: [stale, { show: TALK }]'),
    `${FLOW}:22:37 advice FG_CONFIG_FALLBACK_SCREEN no edge leads from \`PICK\` to \`TALK\`: there the person stays and reads messages.sorry`,
  ],
  'a fallback cannot be shown when the form is opened': [
    altered(FLOW, '    take: first\n', '    take: first\n    if_unavailable: { show: HELP }\n'),
    `${FLOW}:18:29 advice FG_CONFIG_FALLBACK_SCREEN no edge leads from the beginning to \`HELP\`: there the person stays and reads messages.sorry`,
  ],
  'a list would be absent without an answer': [
    altered(FLOW, 'if_unavailable: [stale, { show: HELP }]', 'if_unavailable: [stale, accept_and_flag]'),
    `${FLOW}:36:7 advice FG_CONFIG_LIST_ABSENT where \`slots\` cannot be answered people go on, but WhatsApp refuses screen \`PICK\` without \`slots\`: give it \`default: []\``,
  ],
  'older answers of a source that keeps none are to stand in': [
    altered(FLOW, '    take: first\n', '    take: first\n    if_unavailable: stale\n'),
    `${FLOW}:18:21 advice FG_CONFIG_NOTHING_STALE \`stale\` has nothing to use: source \`shop\` keeps no answers. Give it a \`cache\``,
  ],
  'a source delivers': [
    altered(DESTINATIONS, 'plugin: table', 'plugin: crm'),
    `${DESTINATIONS}:6:13 error FG_CONFIG_PLUGIN_KIND plugin \`crm\` takes records and answers no questions: configure it below \`destinations\``,
  ],
  'a destination only answers': [
    altered(DESTINATIONS, 'team: { plugin: chat, config: { token: xoxb-1 } }', 'team: { plugin: open }'),
    `${DESTINATIONS}:3:19 error FG_CONFIG_PLUGIN_KIND plugin \`open\` answers questions and takes nothing: configure it below \`sources\``,
  ],
  'the plugin of a source does not exist': [
    altered(DESTINATIONS, 'plugin: open', 'plugin: opn'),
    `${DESTINATIONS}:12:13 error FG_CONFIG_PLUGIN_UNKNOWN there is no plugin \`opn\`: did you mean \`open\`?`,
  ],
  'a key of a source is mistyped': [
    altered(DESTINATIONS, '    plugin: open\n', '    plugin: open\n    cahce: { ttl: 1s }\n'),
    `${DESTINATIONS}:13:5 error FG_CONFIG_KEY_UNKNOWN unknown key \`cahce\`: did you mean \`cache\`?`,
  ],
  'a setting of a source does not fit': [
    altered(DESTINATIONS, 'config: { file: calendar.sql }', 'config: { file: 7 }'),
    `${DESTINATIONS}:7:21 error FG_CONFIG_TYPE \`file\` must be text, not a number: put it in quotes`,
  ],
  'the queries of a source hold a mistake': [
    altered(DESTINATIONS, 'file: calendar.sql', 'file: broken.sql'),
    `${DESTINATIONS}:7:13 error FG_CONFIG_QUERIES the queries of source \`calendar\`: broken.sql:3 has a query without a name`,
  ],
  'the cache of a source has no duration': [
    altered(DESTINATIONS, 'ttl: 30s', 'ttl: 30sec'),
    `${DESTINATIONS}:8:19 error FG_CONFIG_DURATION "30sec" is not a duration: write a whole number and s, m, h or d, for example 30s or 5m`,
  ],
  'the breaker of a source rests for nothing': [
    altered(DESTINATIONS, 'rest: 1m', 'rest: 0s'),
    `${DESTINATIONS}:9:35 error FG_CONFIG_DURATION "0s" is not a duration: write a whole number and s, m, h or d, for example 30s or 5m`,
  ],
  'the words of a source have an unknown root': [
    altered(DESTINATIONS, 'en: "Busy, please wait."', 'en: "Busy, {nam}"'),
    `${DESTINATIONS}:10:46 error FG_CONFIG_PATH \`nam\` does not begin with \`form\`, \`person\`, \`session\`, \`flow\`, \`data\`, \`sent\`, \`asked\`, \`values\` or \`checks\`: did you mean \`form.nam\`?`,
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
