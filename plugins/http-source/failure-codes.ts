import type { Explanations } from 'flowgate/plugin'

/** What each failure of this plugin means and what cures it. */
export const failureCodes: Explanations = {
  FG_HTTP_SOURCE_SETTINGS: {
    meaning: 'The settings of the source have a mistake that the message names.',
    cure: 'Correct them in `destinations.yaml`, then run `flowgate check`.',
  },
  FG_HTTP_SOURCE_QUERY: {
    meaning: 'The source was asked a query that it does not have, or one that is there for something else.',
    cure: 'Correct the name in the flow, or `purpose` in the settings, then run `flowgate check`.',
  },
  FG_HTTP_SOURCE_PARAMETER: {
    meaning: 'A parameter is missing, or cannot stand where the query puts it: it would change the address asked.',
    cure: 'Correct what the flow passes, or validate the field it comes from.',
  },
  FG_HTTP_SOURCE_CREDENTIALS: {
    meaning: 'The API answered 401 or 403: it does not know us, or this is not for us.',
    cure: 'Put the current credentials into `auth` or `headers`, or grant them what the query needs.',
  },
  FG_HTTP_SOURCE_REDIRECT: {
    meaning: 'The API answered with a redirect, and none is followed, for it could lead anywhere.',
    cure: 'Write the address it points to into `base_url` or `path`.',
  },
  FG_HTTP_SOURCE_REFUSED: {
    meaning: 'The API refused this question with a status of 4xx.',
    cure: 'Compare the query with the documentation of the API; `nothing_on` and `taken_on` name statuses that are answers.',
  },
  FG_HTTP_SOURCE_BUSY: {
    meaning: 'The API answered 429: it is asked too often.',
    cure: 'Give the source a `cache`, lower its `at_once`, or ask the maker of the API for a higher limit.',
  },
  FG_HTTP_SOURCE_UNAVAILABLE: {
    meaning: 'The API could not be reached, did not answer in time, or answered 408, 425 or 5xx.',
    cure: 'Nothing at first; if it lasts, look at the API and at the network between.',
  },
  FG_HTTP_SOURCE_REPLY: {
    meaning: 'The reply is not JSON; often it is the page of a proxy or of a sign-in.',
    cure: 'Check `base_url`, the `path` of the query and any proxy in between.',
  },
}
