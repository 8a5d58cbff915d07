/**
 * What Meta's error codes ask for (https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes). Codes in
 * none of these lists pass by themselves, or are unknown to us: they are tried again.
 */

/** Too fast: seconds to wait where Meta does not say how long. */
export const waits: ReadonlyMap<number, number> = new Map([
  [130429, 5],
  // One message in six seconds to the same person.
  [131056, 6],
  [131057, 60],
  [4, 300],
  [17, 300],
  [613, 300],
  [80007, 300],
  [80008, 300],
])

/** Nothing passes until someone repairs the access: code to what to do. */
export const credentialErrors: ReadonlySet<number> = new Set([0, 3, 10, 102, 190, 131005])

/** Nothing passes until someone repairs the business account or the number. */
export const accountErrors: ReadonlyMap<number, string> = new Map([
  [368, 'Meta has restricted the account for a violation of its policy'],
  [131031, 'Meta has locked the account'],
  [131037, 'the display name of the number is not approved'],
  [131042, 'there is a problem with the payment method of the account'],
  [131045, 'the number is not registered correctly'],
  [133010, 'the number is not registered'],
])

/** Nothing passes until someone repairs the template or its settings. */
export const templateErrors: ReadonlyMap<number, string> = new Map([
  [132000, 'it has another number of variables than parameters says'],
  [132001, 'there is none of this name in this language, or it is not approved'],
  [132007, 'it breaks a policy of Meta'],
  [132012, 'its variables are of another form than parameters and button say'],
  [132015, 'Meta has paused it, because people complained of it'],
  [132016, 'Meta has switched it off for good, because people complained of it'],
])

/** A value of the request is wrong: of the settings, unless the mapping chose the recipient. */
export const valueErrors: ReadonlySet<number> = new Set([33, 100, 131008, 131009])

/** This message, or this recipient, can never pass; others can. */
export const recordErrors: ReadonlyMap<number, string> = new Map([
  [130472, 'Meta chose not to deliver it to this recipient'],
  [130497, 'the account may not send to the country of the recipient'],
  [131021, 'the recipient is the sending number itself'],
  [131026, 'the recipient cannot get it: no WhatsApp, an old app, or terms not accepted'],
  [131030, 'a test number sends only to the recipients on its list'],
  [131047, 'the recipient has not written for 24 hours, and the message was no template'],
  [131048, 'Meta limits the number, because people complained of it'],
  [131049, 'Meta chose not to deliver it to this recipient'],
  [131050, 'the recipient has stopped messages of this kind'],
  [131062, 'this kind of template cannot go to a user id: use the number'],
  [132005, 'the text is too long with its variables'],
  [132018, 'a variable is of a form that Meta does not take'],
])
