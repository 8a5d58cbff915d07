/** Flow JSON versions Meta still publishes ("Versioning", changelog of 11 November 2025); older ones only keep running. */
export const PUBLISHABLE_VERSIONS: readonly string[] = ['5.1', '6.0', '6.1', '6.2', '6.3', '7.0', '7.1', '7.2', '7.3']

/** Versions that may still be sent and opened but no longer published. */
export const FROZEN_VERSIONS: readonly string[] = ['2.1', '3.0', '3.1', '4.0', '5.0']

/** Versions of the data exchange between phone and endpoint. */
export const DATA_API_VERSIONS: readonly string[] = ['3.0', '4.0']

/** Whether `version` is `least` or later; a text that is no version counts as the latest. */
export function isAtLeast(version: string, least: string): boolean {
  const [major, minor] = numbers(version)
  const [leastMajor, leastMinor] = numbers(least)
  return major === leastMajor ? minor >= leastMinor : major > leastMajor
}

function numbers(version: string): readonly [number, number] {
  const parts = /^(\d+)\.(\d+)$/u.exec(version)
  return parts === null ? [Number.POSITIVE_INFINITY, 0] : [Number(parts[1]), Number(parts[2])]
}
