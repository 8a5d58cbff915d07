import type { Metrics } from '../analytics/metrics.ts'
import type { Log } from '../log.ts'
import type { AlertAside } from './alert-aside.ts'
import type { ExchangeEvents } from './answer-exchange.ts'

/** Faults named in one alert; the log line has them all. */
const NAMED_FAULTS = 5

/** Turns what happens in exchanges into log lines, figures and operators' alerts. Nothing here holds up an answer. */
export function tellExchange(options: {
  readonly log: Log
  readonly metrics: Metrics
  readonly alert: AlertAside
}): ExchangeEvents {
  const { log, metrics, alert } = options
  return {
    submitted({ repeat, ...event }) {
      ;(repeat ? metrics.repeats : metrics.submissions).inc({ flow: event.flow })
      log.info(event, repeat ? 'submission.repeated' : 'submission.accepted')
    },
    refused: (event) => log.info(event, 'answers.refused'),
    remarked: (event) => log.warn(event, 'answer.remarked'),
    expired: (event) => log.info(event, 'token.expired'),
    failed: (event) => log.error(event, 'exchange.apologised'),
    incomplete(event) {
      log.warn(event, 'form.incomplete')
      const { flow, screen, fields } = event
      const content = {
        severity: 'warning' as const,
        title: `Flow ${flow}: a form came to its end without answers it requires`,
        text:
          `On screen ${screen} these were missing: ${fields.join(', ')}. The form was not accepted and its person was told. ` +
          'Where messages carry no flow_token of their own, nothing is kept between screens: mint tokens for them, or let ' +
          'the last payload carry the earlier answers.',
        facts: { flow, screen },
      }
      alert({ kind: 'answer.rejected', flow, screen }, content)
    },
    rejected(event) {
      log.error(event, 'answer.rejected')
      const { flow, screen, faults } = event
      const named = faults
        .slice(0, NAMED_FAULTS)
        .map(({ path, message }) => (path === '' ? message : `data.${path}: ${message}`))
      const content = {
        severity: 'error' as const,
        title: `Flow ${flow}: an answer for screen ${screen} does not fit its Flow JSON`,
        text:
          `People who come to this screen stay where they are. ${named.join('; ')}. ` +
          `Correct the screen in config/flows/${flow}/flow.yaml or flow.json, run "flowgate check" and restart.`,
        facts: { flow, screen },
      }
      alert({ kind: 'answer.rejected', flow, screen }, content)
    },
  }
}
