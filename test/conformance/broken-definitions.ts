import { FailureError } from 'flowgate/plugin'
import type { BrokenSample } from './broken-samples.ts'
import { find, post } from './sample-plugin.ts'

/** Samples whose definition does not say what they do. */
export const brokenDefinitions: readonly BrokenSample[] = [
  {
    fault: 'finds a fault in settings that work',
    check: 'the manifest is complete',
    says: /Tell only what can never work/,
    habits: { faults: [{ path: ['url'], message: 'no address' }] },
  },
  {
    fault: 'does not mark an address that the guard of URLs judges',
    check: 'the definition says what the instance does',
    says: /configSchema\.url is asked by context\.fetch\. Mark it format: 'guarded-url'/,
    habits: {
      instance: (config, { fetch }) => ({
        async deliver(message, call) {
          await fetch(config.url)
          return (call.uncertain ? await find(config, call) : undefined) ?? post(config, message, call)
        },
      }),
    },
  },
  {
    fault: 'sends to others what is for a person',
    check: 'the definition says what the instance does',
    says: /persons lacks email, and a message to a person by it was not refused/,
    habits: { persons: [] },
  },
  {
    fault: 'says that it reaches persons and does not',
    check: 'the definition says what the instance does',
    says: /persons says phone, and a message to a person by it never left/,
    habits: {
      persons: ['email', 'phone'],
      instance: (config) => ({
        async deliver(message, call) {
          if (message.recipient?.kind === 'person' && message.recipient.phone !== undefined) {
            throw new FailureError({
              kind: 'permanent',
              scope: 'record',
              code: 'NOBODY',
              message: 'It reaches no numbers.',
            })
          }
          return (call.uncertain ? await find(config, call) : undefined) ?? post(config, message, call)
        },
      }),
    },
  },
]
