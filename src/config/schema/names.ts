/** Names of flows and destinations. They stand in addresses, logs and metrics. */
export const NAME_PATTERN = '^[a-z0-9][a-z0-9-]{0,63}$'

/** Ids of records and notifications inside one mapping. */
export const ITEM_ID_PATTERN = '^[a-z0-9][a-z0-9_-]{0,39}$'

/** Names of form fields and data keys: they stand in paths such as `form.full_name`. */
export const FIELD_PATTERN = '^[A-Za-z_][A-Za-z0-9_-]{0,79}$'

/** Screen ids (Meta: letters and underscore). Digits are let through here, so that the Flow JSON's own check says it once. */
export const SCREEN_PATTERN = '^[A-Za-z_][A-Za-z0-9_]{0,79}$'

/** Names of asks, checks, reservations and variants: they stand in paths such as `asked.slots`. */
export const PART_PATTERN = '^[a-z][a-z0-9_]{0,39}$'

/** A language as WhatsApp names it: `en`, `pt_BR`. */
export const LANGUAGE_PATTERN = '^[a-z]{2,3}(_[A-Z]{2})?$'

/** Two capital letters. */
export const COUNTRY_PATTERN = '^[A-Z]{2}$'

/** What each pattern means, for messages and documentation. */
export const NAME_WORDS: ReadonlyMap<string, string> = new Map([
  [NAME_PATTERN, 'lower-case letters, digits and hyphens, 64 characters at most'],
  [ITEM_ID_PATTERN, 'lower-case letters, digits, hyphens and underscores, 40 characters at most'],
  [FIELD_PATTERN, 'letters, digits, underscores and hyphens, without a digit in front, 80 characters at most'],
  [SCREEN_PATTERN, 'letters and underscores, 80 characters at most'],
  [PART_PATTERN, 'lower-case letters, digits and underscores, a letter in front, 40 characters at most'],
  [LANGUAGE_PATTERN, 'a language such as en or pt_BR'],
  [COUNTRY_PATTERN, 'two capital letters such as BR or DE (ISO 3166-1)'],
])
