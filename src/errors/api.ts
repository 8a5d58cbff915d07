import type { Explanations } from '../plugin/explanation.ts'

/** What programs that call `/api/v1` are told, and why a token was not made. */
export const API: Explanations = {
  FG_TOKEN_FLOW: {
    meaning: 'A token was asked for a flow that is not configured.',
    cure: 'Name one of the configured flows.',
  },
  FG_TOKEN_VERSION: {
    meaning: 'A token was asked for a version that the flow does not have.',
    cure: 'Name one of the versions that the message lists, or none: the phone then tells which one it has.',
  },
  FG_TOKEN_PREFILL: {
    meaning: 'A token was asked for with a prefilled answer that no field of the flow takes.',
    cure: 'Name the answer as a field of `flow.yaml`; what is known of the person beside the form goes into `person`.',
  },
  FG_TOKEN_SECRET: {
    meaning: 'Tokens cannot be made, because `FLOWGATE_SECRET`, which signs them, is not set.',
    cure: 'Set it for every process and for the command line alike, and start again.',
  },
  FG_TOKEN_INVALID: {
    meaning: 'A token of your own is too short, too long or the word `unused`.',
    cure: 'Use 8 to 64 characters that nobody can guess, or let the gateway make the token.',
  },
  FG_TOKEN_KNOWN: {
    meaning: 'The token is bound to a person already.',
    cure: 'Use another one.',
  },
  FG_API_OFF: {
    meaning: 'The API is switched off.',
    cure: 'Set `FLOWGATE_API_TOKEN` and restart.',
  },
  FG_API_UNAUTHORISED: {
    meaning: 'The request carried no bearer token, or not the one of the gateway.',
    cure: 'Send the header `Authorization: Bearer` with the value of `FLOWGATE_API_TOKEN`.',
  },
  FG_API_NOT_FOUND: {
    meaning: 'There is nothing at this path of the API.',
    cure: 'Correct the path or the method.',
  },
  FG_API_HAND_OVER: {
    meaning: 'There is no hand-over of the id in the path.',
    cure: 'List them by `GET /api/v1/hand-overs?state=all`.',
  },
  FG_API_HAND_OVER_CLOSED: {
    meaning: 'The hand-over was closed before, by whom and when the message says.',
    cure: 'Nothing, unless it should not have been closed.',
  },
  FG_API_BAD_REQUEST: {
    meaning: 'The request is not JSON, too large, or not of the form that this path takes.',
    cure: 'Correct what the message names.',
  },
}
