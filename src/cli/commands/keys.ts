import type { Command } from 'commander'
import type { GenerateKeysOptions } from '../generate-keys.ts'
import { newCommand, newGroup, type Shell } from '../shell.ts'

/** `flowgate keys generate`: a key pair for Meta's envelopes. */
export function keysCommand(shell: Shell): Command {
  const group = newGroup('keys', 'Keys that open what phones send', 'keys generate --out secrets')
  return group.addCommand(
    newCommand(
      'generate',
      'Make an RSA key pair of 2048 bits: the private half stays here, the public half goes to Meta. Never overwrites a file.',
      'keys generate --out secrets',
    )
      .option('--out <folder>', 'where the two files go', '.')
      .option('--encrypt', 'encrypt the private key with FLOW_PRIVATE_KEY_PASSPHRASE')
      .action(async (options: GenerateKeysOptions & { json?: boolean }) => {
        const { generateKeys } = await import('../generate-keys.ts')
        shell.finish(await generateKeys(options, shell.terminal.env), options)
      }),
  )
}
