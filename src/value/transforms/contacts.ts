import { sha256 } from '../hash.ts'
import { knowsCountry, toE164 } from '../phone.ts'
import { refusal, type Transform, textOf, textTransform } from './transform.ts'

/** One @, a plain local part of at most 64 characters, a domain with a dot. Whether the mailbox exists only a message can tell. */
const EMAIL = /^[^\s@<>()[\],;:\\"]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}-]*)(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*))+$/u

/** Transforms of what identifies a person. */
export const contacts: readonly Transform[] = [
  {
    name: 'phone',
    doc: 'Makes an international number (E.164) of a phone number; refuses one that no numbering plan has.',
    lists: 'each',
    options: {
      country: {
        type: 'string',
        pattern: '^[A-Z]{2}$',
        description: 'Two letters (ISO 3166-1): how to read numbers without `+`. Without it they are refused.',
      },
    },
    main: 'country',
    examples: [
      { input: '(11) 99999-0000', options: { country: 'BR' }, output: '+5511999990000' },
      { input: '+1 213 373 4253', output: '+12133734253' },
      { input: '0151 23456789', options: 'DE', output: '+4915123456789' },
      { input: '99999-0000', options: 'BR', fails: 'not a valid number for BR' },
      {
        input: '11 99999-0000',
        fails: 'not a valid number with a country code: add `country` to read national numbers',
      },
    ],
    prepare: (options, report, path) => {
      const country = options['country'] === undefined ? undefined : String(options['country'])
      if (country !== undefined && !knowsCountry(country)) {
        const message = `phone: \`${country}\` is not a country with phone numbers: write its ISO code, such as BR`
        report({ severity: 'error', path, code: 'FG_CONFIG_TRANSFORM', message })
        return (value) => value
      }
      const why =
        country === undefined
          ? 'not a valid number with a country code: add `country` to read national numbers'
          : `not a valid number for ${country}`
      return (value) => {
        const number = toE164(textOf('phone', value), country)
        if (number === undefined) throw refusal('phone', why)
        return number
      }
    },
  },
  textTransform('email', 'Trims and makes small letters; refuses what is not of the form `name@domain.tld`.', emailOf, [
    { input: ' ANA@Acme.com ', output: 'ana@acme.com' },
    { input: 'ana+crm@mail.acme.com.br', output: 'ana+crm@mail.acme.com.br' },
    { input: 'ana@acme', fails: 'not an e-mail address' },
    { input: 'ana souza@acme.com', fails: 'not an e-mail address' },
  ]),
  textTransform(
    'hash',
    'Makes the SHA-256 of the text, in 64 hexadecimal digits; put `trim` and `lower` before it where the receiver does.',
    (text) => sha256(text).toString('hex'),
    [
      { input: 'ana@acme.com', output: '519f0e94af08f318f898d58258bfd4f45993ae54adb88c072cd3d9a7b6e484e8' },
      { input: 42, output: '73475cb40a568e8da8a045ced110137e159f890ac4da883b6b17dc651b3a8049' },
      { input: { id: 'a' }, fails: 'needs text, not an object or a list' },
    ],
  ),
]

function emailOf(text: string): string {
  const address = text.trim().toLowerCase()
  const dotted = address.startsWith('.') || address.includes('..') || address.includes('.@')
  if (address.length > 254 || dotted || !EMAIL.test(address)) throw refusal('email', 'not an e-mail address')
  return address
}
