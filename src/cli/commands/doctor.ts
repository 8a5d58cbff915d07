import type { Command } from 'commander'
import type { DoctorOptions } from '../doctor/examine.ts'
import { newCommand, type Shell } from '../shell.ts'

/** `flowgate doctor`: which of the things a gateway stands on is wrong? */
export function doctorCommand(shell: Shell): Command {
  return newCommand(
    'doctor',
    'Find what is wrong: secret, keys and passphrase, database, configuration, port, and with --url the public address.',
    'doctor --public-key flow-public.pem --url https://forms.example.com/flows/lead-gen',
  )
    .option('--public-key <file>', 'the public key given to Meta: must belong to the private key')
    .option('--url <url>', "a flow's public address: gets a sealed health check and a wrong signature")
    .option('--config <folder>', 'configuration folder (default: FLOWGATE_CONFIG or ./config)')
    .action(async (options: DoctorOptions & { json?: boolean }) => {
      const { examine } = await import('../doctor/examine.ts')
      shell.finish(await examine(options, shell.terminal.env), options)
    })
}
