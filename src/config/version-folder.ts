import type { Report } from './issue.ts'

/** A flow's folder as its name says it: `ask` is the newest version of the flow `ask`, `ask@3` its version `3`. */
export interface VersionFolder {
  readonly flow: string
  /** Absent for the newest version. */
  readonly version: string | undefined
}

/** Reads the name of a folder below `flows/`. */
export function versionFolder(folder: string): VersionFolder {
  const at = folder.indexOf('@')
  return at === -1 ? { flow: folder, version: undefined } : { flow: folder.slice(0, at), version: folder.slice(at + 1) }
}

/** A flow and its version stand in the name of their folder: both must say the same. */
export function checkFolderName(
  file: { readonly flow: string; readonly version: string },
  folder: string,
  report: Report,
): void {
  const named = versionFolder(folder)
  if (file.flow !== named.flow) {
    const message = `the flow is named \`${file.flow}\` but its folder \`${folder}\`: name both alike`
    report({ severity: 'error', path: ['flow'], code: 'FG_CONFIG_FLOW_NAME', message })
  }
  if (named.version !== undefined && file.version !== named.version) {
    const message = `the version is named \`${file.version}\` but its folder \`${folder}\`: name both alike`
    report({ severity: 'error', path: ['version'], code: 'FG_CONFIG_FLOW_NAME', message })
  }
}
