#!/usr/bin/env node
// Plain JavaScript, and nothing newer than Node 18 knows: an older Node must get as far as finding a newer one.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const OLDEST = [24, 12]
const COULD_NOT_RUN = 2

const main = new URL('../main.ts', import.meta.url)
if (isNewEnough(process.versions.node)) await import(main.href)
else runWith(broughtAlong())

/** @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}

/** The Node 24 that npm installed as an optional dependency, where there is one for this machine. */
function broughtAlong() {
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`)
    return join(dirname(manifest), 'bin', 'node')
  } catch {
    return undefined
  }
}

/** @param {string | undefined} node */
function runWith(node) {
  if (node === undefined) return giveUp(`this is Node ${process.versions.node}`)
  // Out of the terminal's process group: Ctrl-C reaches the program once, from here, and not a second time as a hurry.
  const program = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit', detached: true })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, () => program.kill(signal))
  program.once('error', (error) => giveUp(error.message))
  program.once('exit', (status, signal) => {
    process.exitCode = signal === null ? (status ?? COULD_NOT_RUN) : 128 + constants.signals[signal]
    if (signal === null) return
    for (const forwarded of signals) process.removeAllListeners(forwarded)
    process.kill(process.pid, signal)
  })
}

/** @param {string} why */
function giveUp(why) {
  console.error(
    `Flowgate needs Node ${OLDEST.join('.')} or newer, and ${why}: install Node 24 from https://nodejs.org/.`,
  )
  process.exitCode = COULD_NOT_RUN
}
