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
}
