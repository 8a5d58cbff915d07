import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'

/** The number in E.164 (`+5511999990000`), or `undefined` when it is not a valid number. `country` reads numbers without `+`. */
export function toE164(text: string, country?: string): string | undefined {
  const number = parsePhoneNumberFromString(
    text.trim(),
    country === undefined ? {} : { defaultCountry: country as CountryCode, extract: false },
  )
  return number?.isValid() === true ? number.number : undefined
}

/** Whether a two-letter country code (ISO 3166-1) has a numbering plan that is known. */
export function knowsCountry(country: string): boolean {
  return isSupportedCountry(country)
}
