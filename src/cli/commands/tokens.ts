import type { Command } from 'commander'
import { newCommand, newGroup, type Shell } from '../shell.ts'
import type { MintOptions } from '../tokens.ts'

/** `flowgate tokens mint | revoke`: flow tokens that say whose form it is. */
export function tokensCommand(shell: Shell): Command {
  return newGroup(
    'tokens',
    'Flow tokens: who opens a form, and what it begins with',
    'tokens mint lead-gen --person phone=+5511999990000',
  )
    .addCommand(mintCommand(shell))
    .addCommand(revokeCommand(shell))
}

function mintCommand(shell: Shell): Command {
  const collect = (pair: string, pairs: readonly string[]) => [...pairs, pair]
  return newCommand(
    'mint',
    'Make a flow token for one person; put it into the message that sends the flow. Needs FLOWGATE_SECRET as the gateway has it.',
    'tokens mint lead-gen --person phone=+5511999990000 --source campaign=spring --prefill email=ana@example.com',
  )
    .argument('<flow>', 'name of the flow')
    .option('--person <name=value>', 'what is known of the person, seen as person.<name>; repeatable', collect, [])
    .option(
      '--source <name=value>',
      'where the person comes from: campaign, entry_point, utm_… or referral.<part>; repeatable',
      collect,
      [],
    )
    .option('--prefill <field=value>', 'an answer the form begins with; repeatable', collect, [])
    .option('--flow-version <name>', 'the version of the form that the message opens (default: the phone tells)')
    .option('--language <code>', 'language of the person, for example pt_BR')
    .option('--expires-in <duration>', 'how long the token opens the form, as 30m, 48h or 7d (default: 3d)')
    .option('--token <text>', "bind a token of the sender's own (8 to 64 characters) instead of making one")
    .option('--config <folder>', 'configuration folder (default: FLOWGATE_CONFIG or ./config)')
    .action(async (flow: string, options: MintOptions & { json?: boolean }) => {
      const { mintToken } = await import('../tokens.ts')
      shell.finish(await mintToken(flow, options, shell.terminal.env), options)
    })
}

function revokeCommand(shell: Shell): Command {
  return newCommand('revoke', 'Make a token invalid from now on.', 'tokens revoke fg1.3q2-7wA')
    .argument('<token>', 'the token')
    .action(async (token: string, options: { json?: boolean }) => {
      const { revokeToken } = await import('../tokens.ts')
      shell.finish(await revokeToken(token, shell.terminal.env), options)
    })
}
