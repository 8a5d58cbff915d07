import { runProgram } from '../../src/cli/program.ts'

/** What a command line came to. */
export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs a command line in this process with an environment of its own. */
export async function run(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Ran> {
  let out = ''
  let err = ''
  const code = await runProgram(argv, {
    env,
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  })
  return { code, out, err }
}
