/** A gateway cannot start like this. `message` says, a line each, what is wrong and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
