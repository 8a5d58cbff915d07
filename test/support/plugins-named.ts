import { withoutComments, withoutProse } from './sources.ts'

/** Names of plugins that are words of every day: the code around may say them, but not of a plugin. */
const EVERYDAY = ['email', 'http', 'sql', 'teams', 'webhook', 'whatsapp']

/**
 * Which of these plugins a file's code knows by name. Most names stand nowhere in code, in large or small letters; an
 * everyday word counts where a path leads to its folder, or where it is quoted beside the word `plugin`.
 */
export function pluginsNamedIn(text: string, names: readonly string[]): readonly string[] {
  const code = withoutProse(withoutComments(text))
  const lower = code.toLowerCase()
  return names.filter((name) => (EVERYDAY.includes(name) ? saysOfPlugin(name, code) : lower.includes(name)))
}

function saysOfPlugin(name: string, code: string): boolean {
  const quoted = `['"\`]${name}['"\`]`
  const beside = new RegExp(`plugin\\w*\\b.{0,40}${quoted}|${quoted}.{0,40}\\bplugin`, 'iu')
  return beside.test(code) || new RegExp(`plugins/${name}(?![\\w-])`, 'u').test(code)
}
