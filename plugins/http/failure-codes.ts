import type { Explanations } from 'flowgate/plugin'

/** What each failure of a source means and what cures it. */
export const sourceFailureCodes: Explanations = {
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

/** What each failure of a record or of a request means and what cures it. Those of messages have their own besides. */
export const failureCodes: Explanations = {
  FG_HTTP_SETTINGS: {
    meaning: 'The settings of the destination have a mistake that the message names.',
    cure: 'Correct them in `destinations.yaml`, then run `flowgate check`.',
  },
  FG_HTTP_NO_REQUEST: {
    meaning: 'The settings have no request for what is to be done with this kind of record.',
    cure: 'Add it below `objects`, or correct `object` in the mapping, then replay.',
  },
  FG_HTTP_VALUE: {
    meaning: 'A value is missing, or cannot stand where the request puts it: it would change what is asked.',
    cure: 'Correct the mapping, or validate the field it comes from, then replay.',
  },
  FG_HTTP_FILES: {
    meaning: 'The record has files, and this plugin attaches none.',
    cure: 'Take `files` out of the record in the mapping, then replay.',
  },
  FG_HTTP_CREDENTIALS: {
    meaning: 'The API answered 401 or 403, or gave out no token; the destination is paused.',
    cure: 'Put the current credentials into `auth` or `headers`, or grant them what is needed, then resume the destination.',
  },
  FG_HTTP_REDIRECT: {
    meaning:
      'The API answered with a redirect, and none is followed, for it could lead anywhere; the destination is paused.',
    cure: 'Write the address it points to into `base_url` or `path`, then resume the destination.',
  },
  FG_HTTP_ADDRESS: {
    meaning:
      'The API answered 404 or 410 to a request whose path holds no value, so the address is wrong; the destination is paused, after a 410 until its settings change or a person resumes it.',
    cure: 'Correct `base_url`, `path` or `health` and restart, or resume the destination.',
  },
  FG_HTTP_STOPPED: {
    meaning: 'The API answered with a status that the settings say concerns the whole destination, which is paused.',
    cure: 'Repair what the API names, then resume the destination.',
  },
  FG_HTTP_GONE: {
    meaning:
      'The API answered 404 or 410 to a request whose path holds a value: what it is to be written to is not there.',
    cure: 'Correct the mapping, or replay the record that this one is written to.',
  },
  FG_HTTP_REFUSED: {
    meaning: 'The API refused this record or message.',
    cure: 'Compare what was sent with the documentation of the API, correct the mapping or the settings, then replay.',
  },
  FG_HTTP_FIND_REFUSED: {
    meaning: 'The API refused the request that looks for a record or message.',
    cure: 'Correct `find` in the settings, or what it is asked with, then replay.',
  },
  FG_HTTP_SEVERAL: {
    meaning: 'Several records fit, so none is chosen.',
    cure: 'Choose one of them, match by a field that no two records share, or merge them.',
  },
  FG_HTTP_FOUND_WITHOUT_ID: {
    meaning: 'What the API found holds no id where the settings look for it; the destination is paused.',
    cure: 'Correct `id` or `items` of the request that finds, then resume the destination.',
  },
  FG_HTTP_BUSY: {
    meaning: 'The API says that it is asked too often, or when it will be back.',
    cure: 'Nothing; where it happens often, set `limits` or lower `at_once`.',
  },
  FG_HTTP_UNAVAILABLE: {
    meaning: 'The API could not be reached, did not answer in time, or answered 408, 425 or 5xx.',
    cure: 'Nothing at first; if it lasts, look at the API and at the network between.',
  },
  FG_HTTP_UNREACHABLE: {
    meaning:
      'No connection was made or no token given out, so nothing was sent; the destination is paused until it answers, because its API cannot tell what landed.',
    cure: 'Nothing at first; if it lasts, look at `base_url`, the API and the network between.',
  },
  FG_HTTP_REPLY: {
    meaning: 'The API confirmed with a reply that is not JSON, or that lacks what the settings look for in it.',
    cure: 'Check `id`, `success_if`, `base_url` and any proxy in between.',
  },
  FG_HTTP_UNKNOWN: {
    meaning: 'It may have landed, and the API cannot be asked.',
    cure: 'Look there, then run `flowgate replay` or `flowgate deliveries drop`; `on_unknown` decides for the future.',
  },
}

/** What only the failures of a message mean. */
export const messageFailureCodes: Explanations = {
  FG_HTTP_MESSAGE_RECIPIENT_UNKNOWN: {
    meaning: 'The mapping names a recipient that the destination does not have.',
    cure: 'Add the name to `recipients` of the destination, or correct the mapping, then replay.',
  },
  FG_HTTP_MESSAGE_RECIPIENT_PERSON: {
    meaning:
      'The mapping sends this message to the person who filled the form, and this plugin reaches only your own people.',
    cure: 'Send it by e-mail or WhatsApp, or name a recipient, then replay.',
  },
}
