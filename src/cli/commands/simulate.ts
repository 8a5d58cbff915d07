import type { Command } from 'commander'
import { newCommand, type Shell } from '../shell.ts'
import type { SimulateOptions } from '../simulate-flow.ts'

/** `flowgate simulate <flow>`: plays Meta and a phone against a running gateway. */
export function simulateCommand(shell: Shell): Command {
  return newCommand(
    'simulate',
    'Play Meta and a phone against a running gateway, and judge its answers. Walks submit real forms: with a gateway that has real destinations, play only ping.',
    'simulate lead-gen --path happy',
  )
    .argument('<flow>', 'name of the flow as its folder has it, with @version for an older one')
    .option('--url <url>', "the flow's whole URL (default: this machine, PORT, /flows/<flow>)")
    .option(
      '--path <names>',
      'comma-separated: happy, back, double-tap, resume, ping, error-notice, tamper, wrong-key, bad-signature, or all',
      'all',
    )
    .option('--key <file>', 'public key as PEM (default: made from FLOW_PRIVATE_KEY)')
    .option('--secret <text>', 'app secret to sign with (default: the first of META_APP_SECRET)')
    .option(
      '--token <text>',
      'flow token of the walks (default: a new one each, minted by the gateway where FLOWGATE_API_TOKEN is set)',
    )
    .option(
      '--fill <file>',
      'answers as YAML, screen by screen, or a tests.yaml (default: the tests.yaml of the flow, else invented answers)',
    )
    .option('--flow-json <file>', 'the Flow JSON (default: flow.json of the flow)')
    .option('--config <folder>', 'configuration folder (default: FLOWGATE_CONFIG or ./config)')
    .action(async (flow: string, options: SimulateOptions & { json?: boolean }) => {
      const { simulateFlow } = await import('../simulate-flow.ts')
      const progress = options.json ? () => {} : (text: string) => shell.terminal.out(text)
      shell.finish(await simulateFlow(flow, options, shell.terminal.env, progress), options)
    })
}
