import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/**
 * Every figure the gateway shows at `/metrics`, with the labels each one takes. Labels come from closed sets (configured
 * names, known actions): never from what a person or a stranger sent.
 */
export interface Metrics {
  readonly registry: Registry
  /** `action`: INIT, BACK, data_exchange, ping, error_notification or other. `outcome`: answered, expired, limited, acknowledged or failed. */
  readonly exchanges: Counter<'flow' | 'action' | 'outcome'>
  /** First byte in to answer ready. */
  readonly exchangeSeconds: Histogram<'flow'>
  readonly submissions: Counter<'flow'>
  /** Submissions not created because they repeat an earlier one. */
  readonly repeats: Counter<'flow'>
  /** People who came back to an unfinished form after half an hour or more. */
  readonly resumed: Counter<'flow'>
  /** People whom a form handed over to people. */
  readonly handOvers: Counter<'flow'>
  /** Envelopes opened, by the private key that opened them: shows when an old key is no longer in use. */
  readonly envelopesOpened: Counter<'key'>
  readonly decryptFailures: Counter<'reason'>
  readonly signatureFailures: Counter
  readonly rateLimited: Counter<'flow'>
  /** Settled deliveries and failed attempts: delivered, failed, unknown, retried, rate_limited. */
  readonly deliveries: Counter<'destination' | 'outcome'>
  readonly attemptSeconds: Histogram<'destination'>
  readonly openAlerts: Gauge<'severity'>
  /** `outcome`: fresh, cached, stale, failed, or open: not asked because the source keeps failing. */
  readonly sourceQuestions: Counter<'source' | 'outcome'>
  /** What an exchange waited for one question, kept answers included. */
  readonly sourceSeconds: Histogram<'source'>
}

/** Makes the metrics of one process. With `process: true` also those of Node itself: memory, event loop, garbage collection. */
export function createMetrics(options: { readonly process?: boolean } = {}): Metrics {
  const registry = new Registry()
  if (options.process === true) collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    registry,
    exchanges: new Counter({
      name: 'flowgate_exchanges_total',
      help: 'Requests to the flow endpoint that were opened, by what became of them.',
      labelNames: ['flow', 'action', 'outcome'],
      registers,
    }),
    exchangeSeconds: new Histogram({
      name: 'flowgate_exchange_seconds',
      help: 'Time from the request to its sealed answer.',
      labelNames: ['flow'],
      // 1, 5 and 7 seconds are the thresholds of Meta's own latency alerts, 10 its limit.
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 3, 5, 7, 10],
      registers,
    }),
    submissions: new Counter({
      name: 'flowgate_submissions_total',
      help: 'Finished forms accepted.',
      labelNames: ['flow'],
      registers,
    }),
    repeats: new Counter({
      name: 'flowgate_repeats_total',
      help: 'Finished forms that repeated an earlier one and created nothing.',
      labelNames: ['flow'],
      registers,
    }),
    resumed: new Counter({
      name: 'flowgate_sessions_resumed_total',
      help: 'People who came back to an unfinished form after half an hour or more.',
      labelNames: ['flow'],
      registers,
    }),
    handOvers: new Counter({
      name: 'flowgate_hand_overs_total',
      help: 'People whom a form handed over to people.',
      labelNames: ['flow'],
      registers,
    }),
    envelopesOpened: new Counter({
      name: 'flowgate_envelopes_opened_total',
      help: 'Envelopes opened, by the first characters of the fingerprint of the private key.',
      labelNames: ['key'],
      registers,
    }),
    decryptFailures: new Counter({
      name: 'flowgate_decrypt_failures_total',
      help: 'Signed requests whose envelope could not be opened (421).',
      labelNames: ['reason'],
      registers,
    }),
    signatureFailures: new Counter({
      name: 'flowgate_signature_failures_total',
      help: 'Requests without a valid X-Hub-Signature-256 (432 or 429).',
      registers,
    }),
    rateLimited: new Counter({
      name: 'flowgate_rate_limited_total',
      help: 'Signed requests over the rate limit, answered with a message on the same screen.',
      labelNames: ['flow'],
      registers,
    }),
    deliveries: new Counter({
      name: 'flowgate_deliveries_total',
      help: 'Attempts at deliveries, by outcome.',
      labelNames: ['destination', 'outcome'],
      registers,
    }),
    attemptSeconds: new Histogram({
      name: 'flowgate_attempt_seconds',
      help: 'Time of one attempt at a delivery.',
      labelNames: ['destination'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    openAlerts: new Gauge({
      name: 'flowgate_open_alerts',
      help: "Operators' alerts that are open.",
      labelNames: ['severity'],
      registers,
    }),
    sourceQuestions: new Counter({
      name: 'flowgate_source_questions_total',
      help: 'Questions to sources, by how they were answered.',
      labelNames: ['source', 'outcome'],
      registers,
    }),
    sourceSeconds: new Histogram({
      name: 'flowgate_source_seconds',
      help: 'Time an exchange waited for one question to a source.',
      labelNames: ['source'],
      buckets: [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 1.5, 2, 3],
      registers,
    }),
  }
}
