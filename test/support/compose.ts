import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** What the tests look at in a service of docker-compose.yml. */
export interface ComposeService {
  readonly image?: string
  readonly profiles?: readonly string[]
  readonly restart?: string
  readonly command?: readonly string[]
  readonly ports?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly secrets?: readonly string[]
  readonly volumes?: readonly string[]
  readonly networks?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly stop_grace_period?: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly deploy?: { readonly resources?: { readonly limits?: { readonly memory?: string } } }
}

/** The services of docker-compose.yml with their anchors merged, variables not yet filled in. */
export function readServices(): Readonly<Record<string, ComposeService>> {
  return parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }).services
}
