import assert from 'node:assert/strict'
import type { Message } from '../delivery.ts'
import type { ConformanceCheck } from './check.ts'
import { call, type Trial } from './trial.ts'

const link = { label: 'Open', url: 'https://crm.example/records/4711' }

/** How a channel speaks while the CRM has not confirmed the record, and afterwards. */
export const lateChecks: readonly ConformanceCheck[] = [
  {
    name: 'a late message says so, and what completes it carries the link',
    kind: 'notification',
    about: 'late messages',
    async run(trial) {
      const message = messageOf(trial)
      const notifier = await trial.configure(trial.stage.config)
      await notifier.deliver(message, call('plain'))
      const receipt = await notifier.deliver({ ...message, late: true }, call('late'))
      const [plain, late] = await shown(trial)
      assert.ok(late !== undefined, 'A late message was not sent. Send it like any other, without its link.')
      assert.notEqual(
        late,
        plain,
        'A late message reads like any other. Where `late` is set, say that the link follows.',
      )
      await notifier.deliver({ ...message, link, completes: receipt }, call('whole'))
      const links = (await shown(trial)).filter((text) => text.includes(link.url)).length
      const cure = 'Where `completes` is set, change that message, or send a short one that carries the link.'
      assert.equal(links, 1, `After a late message was completed, ${links} messages carry the link. ${cure}`)
      await notifier.close()
    },
  },
]

async function shown<Input, Config>({ stage }: Trial<Input, Config>): Promise<readonly string[]> {
  return (await stage.shown?.()) ?? assert.fail('The stage has no shown: say there what people read.')
}

/** The first sample, without a link. */
function messageOf<Input, Config>({ stage }: Trial<Input, Config>): Input & Message {
  const sample = stage.sample(0)
  if (!isMessage(sample)) assert.fail('The first sample is no message. Give it a title and facts.')
  const { link: _, ...message } = sample
  return message as Input & Message
}

function isMessage<Input>(input: Input): input is Input & Message {
  return typeof input === 'object' && input !== null && 'title' in input && 'facts' in input
}
