import type { Explanations } from '../plugin/explanation.ts'

/** Where the gateway keeps plugins from reaching, by the network and in the configuration folder. */
export const OUTGOING_REQUESTS: Explanations = {
  FG_URL_REFUSED: {
    meaning:
      'A configured URL is not asked: it is not https, has another port than 443 or 8443, holds credentials, or leads to an address that is not public.',
    cure: 'Correct the URL, or name the host in `FLOWGATE_ALLOW_HOSTS` where it is one of your own.',
  },
  FG_REPLY_TOO_LARGE: {
    meaning: 'A reply was longer than the gateway reads, 1 MiB as a rule, after decompression.',
    cure: 'Ask for less at once: a filter, a page, fewer fields.',
  },
  FG_PLUGIN_FILE: {
    meaning: 'A file that settings name cannot be read, is not UTF-8 text, or lies outside the configuration folder.',
    cure: 'Correct the path, relative to the configuration folder, or put the file there.',
  },
  FG_BUDGET_SPENT: {
    meaning:
      'The account has been asked as many requests as its budget allows, so the next ones wait, which counts as no attempt.',
    cure: 'It goes on by itself; where the vendor allows more, raise `budget` of the destination.',
  },
  FG_BUDGET_UNKNOWN: {
    meaning: "The database did not say what is left of the account's budget, so nothing was sent; it is tried again.",
    cure: 'If it stays, look after the database: `flowgate doctor` asks it.',
  },
  FG_ACCESS_TOKEN_UNKNOWN: {
    meaning:
      'There is no access token for the moment: the database does not give the one that is kept, or the vendor takes too long over a new one.',
    cure: 'Nothing at first; if it stays, run `flowgate doctor`, and look whether the vendor has a trouble of its own.',
  },
}
