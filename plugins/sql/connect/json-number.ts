/** A double keeps that many digits on the way there and back: https://en.cppreference.com/w/cpp/types/numeric_limits/digits10 */
const KEPT_DIGITS = 15

/** A number written out in digits, as a number where nothing is lost by that; else (too long, `NaN`) as it is written. */
export function jsonNumber(text: string): number | string {
  const [, whole = '', fraction = ''] = /^-?(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === '') return text
  const decimals = fraction.replace(/0+$/, '')
  const digits = `${whole}${decimals}`.replace(/^0+/, '')
  const exact = digits.length <= KEPT_DIGITS || (decimals === '' && Number.isSafeInteger(Number(text)))
  return exact ? Number(text) : text
}
