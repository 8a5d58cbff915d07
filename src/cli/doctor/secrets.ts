import { type Examined, fine, wrong } from './finding.ts'

/** Looks at the app secrets for what copying does to them. What a secret is made of is Meta's affair. */
export function examineSecrets(secrets: readonly string[]): Examined {
  const quoted = secrets.some((secret) => /^(["'`]).*\1$/.test(secret))
  if (quoted) {
    return wrong(
      'signature secret',
      'FG_DOCTOR_SECRET_QUOTED',
      'META_APP_SECRET holds quotation marks around the secret, which then belong to it. Take them away.',
    )
  }
  if (secrets.some((secret) => /\s/.test(secret))) {
    return wrong(
      'signature secret',
      'FG_DOCTOR_SECRET_SPACED',
      'META_APP_SECRET holds a space or a line break inside. Copy the secret again, alone.',
    )
  }
  return fine(
    'signature secret',
    secrets.length === 1 ? 'one is set' : `${secrets.length} are set, as during a rotation`,
  )
}
