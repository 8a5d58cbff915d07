import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { maskInput } from '../../src/map/mask.ts'
import { maskWhole, personalWords } from '../../src/map/personal-words.ts'
import { mapRecord } from '../../src/map/record.ts'
import type { Message } from '../../src/plugin/index.ts'
import { growsWithLength } from '../support/computes-at-most.ts'
import { scopeOf } from '../value/scope-of.ts'
import { mappingOf, rawRecord } from './mapping-of.ts'

const scope = scopeOf({
  form: {
    name: 'Ana Souza',
    email: 'ANA@Acme.com',
    phone: '+55 11 99999-0000',
    age: 41,
    address: { street: 'Rua Harmonia 12', lines: ['Vila Madalena'] },
    budget: 'over_50k',
  },
  person: { wa_id: '5511988887777' },
  flow: { title: 'Leads' },
})
const PERSONAL = ['name', 'email', 'phone', 'age', 'address', 'missing']

describe('a masked record', () => {
  test('hides whatever stems from a personal answer, however it was changed', async () => {
    const mapping = mappingOf({
      personal: PERSONAL,
      records: [
        rawRecord({
          operation: 'upsert',
          match: 'email',
          fields: {
            email: { from: 'form.email', apply: ['lower'] },
            firstname: { from: 'form.name', apply: ['first_word'] },
            initial: { from: 'form.name', apply: [{ slice: { to: 1 } }] },
            phone: { from: 'form.phone', apply: ['phone'] },
            wa: { from: 'person.wa_id' },
            age: { from: 'form.age' },
            place: { from: 'form.address' },
            all: { template: '{form.name} of {flow.title}' },
            whole: { expr: 'form' },
            budget: { from: 'form.budget' },
            amount: { from: 'form.budget', lookup: { over_50k: 75000 } },
            agreed: { value: [true, null] },
            notes: { value: { by: 'ana souza', list: ['Leads'] } },
          },
        }),
      ],
    })
    const [record] = mapping.records
    assert.ok(record !== undefined)
    const mapped = await mapRecord(record, scope, new Map())
    assert.ok(mapped.kind === 'mapped')
    const before = JSON.stringify(mapped.input)
    const masked = maskInput({ ...mapped.input, links: [{ object: 'companies', id: '5511988887777' }] }, mapping, scope)
    assert.deepEqual(masked, {
      id: 'contact',
      object: 'contacts',
      operation: 'upsert',
      match: 'email',
      fields: {
        email: 'a•••@•••',
        firstname: 'A•••',
        initial: '•••',
        phone: '•••00',
        wa: '•••77',
        age: '•••',
        place: { street: 'R•••', lines: ['V•••'] },
        all: 'A•••',
        whole: {
          name: 'A•••',
          email: 'A•••@•••',
          phone: '•••00',
          age: '•••',
          address: { street: 'R•••', lines: ['V•••'] },
          budget: 'o•••',
        },
        budget: 'over_50k',
        amount: 75000,
        agreed: [true, null],
        notes: { by: 'a•••', list: ['Leads'] },
      },
      links: [{ object: 'companies', id: '5511988887777' }],
    })
    assert.equal(JSON.stringify(mapped.input), before)
  })

  test('of a record the mapping no longer has is masked by its texts', () => {
    const input = { id: 'gone', object: 'x', operation: 'create', fields: { a: 'Ana Souza', b: 1 }, links: [] } as const
    assert.deepEqual(maskInput(input, mappingOf({ personal: PERSONAL }), scope).fields, { a: 'A•••', b: 1 })
  })
})

describe('a masked message', () => {
  const mapping = mappingOf({ personal: PERSONAL })
  const mask = (text: string) => {
    const input: Message = {
      title: text,
      facts: [{ label: 'L', value: text }],
      link: { label: 'Open', url: text },
      record: 'new',
    }
    const masked = maskInput(input, mapping, scope)
    assert.deepEqual([masked.facts[0]?.value, masked.link?.url, masked.record], [masked.title, masked.title, 'new'])
    return masked.title
  }

  test('keeps the operator’s words and hides the person’s', () => {
    assert.equal(mask('New lead: Ana Souza (ana@acme.com)'), 'New lead: A••• (a•••@•••)')
    assert.equal(mask('ANA  SOUZA wrote'), 'A••• wrote')
    assert.equal(mask('Ms Souza of Leads'), 'Ms S••• of Leads')
    assert.equal(mask('Call 5511999990000 or (11) 99999-0000'), 'Call •••00 or •••00')
    assert.equal(mask('https://x.example/?q=ANA%40Acme.com'), 'https://x.example/?q=A•••')
    assert.equal(mask('Banana for 12345678'), 'Banana for 12345678')
  })
})

describe('personal words', () => {
  test('shorter than three letters are too common to look for', () => {
    assert.equal(personalWords(['Al', ' ']).mask('Al and Alan'), 'Al and Alan')
  })

  test('of prose are not looked for one by one', () => {
    const words = personalWords(['please call me about the new product'])
    assert.equal(words.mask('about the product'), 'about the product')
    assert.equal(words.mask('Note: please call me about the new product'), 'Note: p•••')
  })

  test('may be very long or hold signs of patterns', () => {
    const long = 'word '.repeat(300).trim()
    assert.equal(personalWords([long]).mask(`a ${long} b`), 'a w••• b')
    assert.equal(personalWords(['a.*(b']).mask('xa.*(bx aZZ(b'), 'xa•••x aZZ(b')
    assert.equal(personalWords(['half \ud800']).mask('half \ud800!'), 'h•••!')
  })

  test('are masked so that a person can still recognise their own', () => {
    assert.deepEqual(['ana@acme.com', '+55 11 99999-0000', 'Ana', 'é', '12', '1a2b3c'].map(maskWhole), [
      'a•••@•••',
      '•••00',
      'A•••',
      '•••',
      '•••',
      '•••',
    ])
  })
})

test('masking takes no longer than reading, whatever a person wrote', async () => {
  const { mask } = personalWords(['+55 11 99999-0000'])
  const brackets = (length: number) => '+('.repeat(length / 2)
  await growsWithLength(brackets, (text) => assert.equal(mask(`${text}5511999990000`), '•••00'))
  await growsWithLength(brackets, (text) => assert.equal(mask(`${text} x`), `${text} x`))
})
