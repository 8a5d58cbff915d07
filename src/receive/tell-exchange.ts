import type { Metrics } from '../analytics/metrics.ts'
import type { Log } from '../log.ts'
import type { AlertAside } from './alert-aside.ts'
import type { ExchangeEvents } from './exchange-events.ts'

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
    submitted({ repeat, occasion, ...event }) {
      if (occasion === 'handed_over') {
        metrics.handOvers.inc({ flow: event.flow })
        log.info(event, 'person.handed_over')
        return
      }
      ;(repeat ? metrics.repeats : metrics.submissions).inc({ flow: event.flow })
      log.info(event, repeat ? 'submission.repeated' : 'submission.accepted')
    },
    refused: (event) => log.info(event, 'answers.refused'),
    remarked: (event) => log.warn(event, 'answer.remarked'),
    expired: (event) => log.info(event, 'token.expired'),
    unavailable: (event) => log.warn(event, 'ask.unanswered'),
    resumed(event) {
      metrics.resumed.inc({ flow: event.flow })
      log.info(event, 'session.resumed')
    },
    unknownVersion(event) {
      log.error(event, 'version.unknown')
      const { flow, version } = event
      const content = {
        severity: 'error' as const,
        title: `Flow ${flow}: phones have a version that is not configured`,
        text:
          `A phone, a token or a session names version "${version}". Its people stay where they are and are told to try ` +
          `again. Put that version's files into config/flows/${flow}@${version}/, run "flowgate check" and restart, or ` +
          'send these people a new message.',
        facts: { flow, version },
      }
      // One for the flow: the version is a word a phone chose, and must not make an alert of its own each time.
      alert({ kind: 'version.unknown', flow }, content)
    },
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
        .map(({ path, message, place }) => (path === '' ? `${place}: ${message}` : `${place}: data.${path} ${message}`))
      const content = {
        severity: 'error' as const,
        title: `Flow ${flow}: an answer for screen ${screen} does not fit its Flow JSON`,
        text:
          `People who come to this screen stay where they are. ${named.join('; ')}. ` +
          'Correct it there, or in flow.json, run "flowgate check" and restart.',
        facts: { flow, screen },
      }
      alert({ kind: 'answer.rejected', flow, screen }, content)
    },
  }
}
