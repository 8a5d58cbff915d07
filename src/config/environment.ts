import { readFileSync } from 'node:fs'
import { type AllowedHost, parseAllowedHost } from './allowed-host.ts'
import { VARIABLES, type VariableDescription, type VariableName } from './environment-variables.ts'
import { splitPem } from './split-pem.ts'

/** Which half of the gateway a process runs. */
export type Role = 'web' | 'worker' | 'all'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** What the process was given from outside, read and checked. Holds secrets: never log it. */
export interface Environment {
  readonly role: Role
  readonly host: string
  /** 0 picks a free port. */
  readonly port: number
  /** `undefined`: the embedded PostgreSQL. */
  readonly databaseUrl: string | undefined
  /** For LISTEN and locks where `databaseUrl` is a pooler. */
  readonly databaseDirectUrl: string | undefined
  readonly configFolder: string
  /** Never empty for the roles `web` and `all`. */
  readonly metaAppSecrets: readonly string[]
  readonly metaVerifyToken: string | undefined
  /** PEM texts, unparsed. Never empty for the roles `web` and `all`. */
  readonly flowPrivateKeys: readonly string[]
  readonly flowPrivateKeyPassphrase: string | undefined
  readonly apiToken: string | undefined
  /** Signs minted tokens; without it none can be minted or accepted. */
  readonly secret: string | undefined
  readonly rateLimitPerMinute: number | 'off'
  /** What the URL guard lets through although it is private, speaks http or listens on an unusual port. */
  readonly allowHosts: readonly AllowedHost[]
  readonly logLevel: LogLevel
}

/** A variable that is missing or unusable. The message never holds its value. */
export interface EnvironmentProblem {
  readonly variable: string
  readonly code: 'FG_ENV_MISSING' | 'FG_ENV_INVALID' | 'FG_ENV_FILE_UNREADABLE'
  readonly message: string
}

export type EnvironmentResult =
  | { readonly ok: true; readonly environment: Environment }
  | { readonly ok: false; readonly problems: readonly EnvironmentProblem[] }

type Variables = Readonly<Record<string, string | undefined>>

/** Reads every variable, from itself or from the file its `NAME_FILE` names, and tells all that is wrong at once. */
export function readEnvironment(env: Variables, role: Role): EnvironmentResult {
  const problems: EnvironmentProblem[] = []
  const text = (name: VariableName): string | undefined => readVariable(env, name, role, problems)
  const invalid = (variable: VariableName, message: string): void => {
    problems.push({ variable, code: 'FG_ENV_INVALID', message: `${variable} ${message}` })
  }
  const environment: Environment = {
    role,
    host: text('HOST') ?? '',
    port: readPort(text('PORT'), invalid),
    databaseUrl: readDatabaseUrl('DATABASE_URL', text('DATABASE_URL'), invalid),
    databaseDirectUrl: readDatabaseUrl('DATABASE_DIRECT_URL', text('DATABASE_DIRECT_URL'), invalid),
    configFolder: text('FLOWGATE_CONFIG') ?? '',
    metaAppSecrets: list(text('META_APP_SECRET')),
    metaVerifyToken: text('META_VERIFY_TOKEN'),
    flowPrivateKeys: splitPem(text('FLOW_PRIVATE_KEY') ?? ''),
    flowPrivateKeyPassphrase: text('FLOW_PRIVATE_KEY_PASSPHRASE'),
    apiToken: text('FLOWGATE_API_TOKEN'),
    secret: text('FLOWGATE_SECRET'),
    rateLimitPerMinute: readRateLimit(text('FLOWGATE_RATE_LIMIT'), invalid),
    allowHosts: readAllowHosts(text('FLOWGATE_ALLOW_HOSTS'), invalid),
    logLevel: readLogLevel(text('LOG_LEVEL'), invalid),
  }
  return problems.length === 0 ? { ok: true, environment } : { ok: false, problems }
}

/** The value of one variable; an empty one counts as not set, and `NAME` goes before `NAME_FILE`. */
function readVariable(
  env: Variables,
  name: VariableName,
  role: Role,
  problems: EnvironmentProblem[],
): string | undefined {
  const description: Omit<VariableDescription, 'name'> = VARIABLES[name]
  const given = env[name]
  if (given !== undefined && given.trim() !== '') return given
  const files = env[`${name}_FILE`]
  if (files !== undefined && files.trim() !== '') return readFiles(`${name}_FILE`, files, name, problems)
  if (description.requiredFor.includes(role)) {
    const message = `${name} is not set. Set it, or name a file that holds it in ${name}_FILE.`
    problems.push({ variable: name, code: 'FG_ENV_MISSING', message })
  }
  return description.default
}

/** Only private keys come in several files; elsewhere a comma is part of the path. */
function readFiles(
  variable: string,
  files: string,
  name: VariableName,
  problems: EnvironmentProblem[],
): string | undefined {
  const paths = name === 'FLOW_PRIVATE_KEY' ? list(files) : [files]
  const texts: string[] = []
  for (const path of paths) {
    try {
      texts.push(readFileSync(path, 'utf8').replace(/\r?\n$/u, ''))
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
      const message = `${variable} names ${path}, which cannot be read (${why}). Check the path and its permissions.`
      problems.push({ variable, code: 'FG_ENV_FILE_UNREADABLE', message })
    }
  }
  const text = texts.join('\n')
  if (texts.length === paths.length && text.trim() === '') {
    const message = `${variable} names an empty file. Write the value into it.`
    problems.push({ variable, code: 'FG_ENV_INVALID', message })
  }
  return text === '' ? undefined : text
}

type Invalid = (variable: VariableName, message: string) => void

function list(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function readPort(text: string | undefined, invalid: Invalid): number {
  const port = Number(text)
  if (!/^\d{1,5}$/u.test(text ?? '') || port > 65_535) invalid('PORT', 'must be a whole number from 0 to 65535.')
  return port
}

function readDatabaseUrl(variable: VariableName, text: string | undefined, invalid: Invalid): string | undefined {
  if (text !== undefined && (!/^postgres(ql)?:\/\//u.test(text) || !URL.canParse(text))) {
    invalid(
      variable,
      'must look like postgres://user:password@host:5432/database, with special characters percent-encoded.',
    )
  }
  return text
}

function readRateLimit(text: string | undefined, invalid: Invalid): number | 'off' {
  if (text === 'off') return 'off'
  if (!/^[1-9]\d{0,8}$/u.test(text ?? '')) invalid('FLOWGATE_RATE_LIMIT', 'must be a whole number from 1, or off.')
  return Number(text)
}

function readAllowHosts(text: string | undefined, invalid: Invalid): readonly AllowedHost[] {
  return list(text).flatMap((entry, index) => {
    const allowed = parseAllowedHost(entry)
    if (allowed === undefined) {
      const forms = 'crm.internal, *.internal, crm.internal:8080, 10.1.2.3, [fd00::5]:8080 or 10.0.0.0/8'
      invalid(
        'FLOWGATE_ALLOW_HOSTS',
        `must hold hosts in forms such as ${forms}; its entry ${index + 1} is none of them.`,
      )
    }
    return allowed ?? []
  })
}

/** What `FLOWGATE_ALLOW_HOSTS` names; `undefined` where it cannot be read, which the start of the gateway tells. */
export function readAllowedHosts(env: Variables): readonly AllowedHost[] | undefined {
  const problems: EnvironmentProblem[] = []
  const text = readVariable(env, 'FLOWGATE_ALLOW_HOSTS', 'worker', problems)
  const allowed = readAllowHosts(text, (variable, message) => {
    problems.push({ variable, code: 'FG_ENV_INVALID', message })
  })
  return problems.length === 0 ? allowed : undefined
}

function readLogLevel(text: string | undefined, invalid: Invalid): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text)
  if (level === undefined) invalid('LOG_LEVEL', `must be one of ${LOG_LEVELS.join(', ')}.`)
  return level ?? 'info'
}
