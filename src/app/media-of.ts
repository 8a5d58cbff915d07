import type { AllowedHost } from '../config/allowed-host.ts'
import type { Delivering } from '../deliver/delivering.ts'
import { isWhatsappHost, LONGEST_FILE_BYTES, mediaFiles } from '../media/media-files.ts'
import { createGuardedFetch } from '../registry/guarded-fetch.ts'

/** How media answers become files. They lie at WhatsApp; a stand-in is trusted where `FLOWGATE_ALLOW_HOSTS` names its very host. */
export function mediaOf(allowHosts: readonly AllowedHost[]): NonNullable<Delivering['files']> {
  const fetch = createGuardedFetch({ allowHosts, replyBytes: LONGEST_FILE_BYTES })
  const isNamed = ({ hostname }: URL) =>
    allowHosts.some((host) => (host.kind === 'name' ? host.name : host.address) === hostname)
  return (answers) => mediaFiles(answers, { fetch, isTrusted: (url) => isWhatsappHost(url) || isNamed(url) })
}
