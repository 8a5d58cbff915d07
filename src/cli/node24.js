#!/usr/bin/env node
// Plain JavaScript, and nothing newer than Node 18 knows: an older Node must get as far as finding a newer one.
// Not left to npm's link node_modules/.bin/node: npm 10 takes it away with the Node it leaves out for other machines.
import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const OLDEST = [24, 12]
const COULD_NOT_RUN = 2
const FOLLOW_LAUNCHER = new URL('./follow-launcher.js', import.meta.url).href

/**
 * Runs the program `file` by a Node that is new enough: in this process where it is one, else in the Node that npm
 * installed, whose exit code or signal becomes ours. Where there is neither, says in one sentence what to install, and
 * exits with 2.
 * @param {string} file
 * @param {readonly string[]} args
 */
export async function runOnNode24(file, args) {
  if (isNewEnough(process.versions.node)) await import(pathToFileURL(file).href)
  else runWith(broughtAlong(), [file, ...args])
}

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

/**
 * @param {string | undefined} node
 * @param {readonly string[]} args
 */
function runWith(node, args) {
  if (node === undefined) return giveUp(`this is Node ${process.versions.node}`)
  // Out of the terminal's process group: Ctrl-C reaches the program once, from here, and not a second time as a hurry.
  const program = spawn(node, ['--import', FOLLOW_LAUNCHER, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, FLOWGATE_LAUNCHER: String(process.pid) },
    detached: true,
  })
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

// `node src/cli/node24.js <args>` is `node <args>`; always by a process of its own, so that the file run is the main one.
const started = process.argv[1]
if (started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url)) {
  runWith(isNewEnough(process.versions.node) ? process.execPath : broughtAlong(), process.argv.slice(2))
}
