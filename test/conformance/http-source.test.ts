import type { Json } from 'flowgate/plugin'
import { type SourceStage, sourceConformance } from 'flowgate/plugin/testing'
import type { HttpSourceConfig } from '../../plugins/http/questions/source-config.ts'
import plugin from '../../plugins/http/source.ts'
import type { SampleSourceConfig } from './sample-source-plugin.ts'
import { sampleSourceStage } from './sample-source-stage.ts'

sourceConformance({ name: 'http-source', plugin, stage: httpStage })

/** The sample vendor's API, described in settings instead of code. */
async function httpStage(): Promise<SourceStage<HttpSourceConfig>> {
  const vendor = await sampleSourceStage()
  return {
    ...vendor,
    config: settings(vendor.config),
    refusedConfig: settings(vendor.refusedConfig),
    known: (index) => {
      const { answer, ...question } = vendor.known(index)
      return { ...question, answer: onlyOne(answer) }
    },
  }
}

function settings({ url, token }: SampleSourceConfig): HttpSourceConfig {
  const slot = { path: '/slots/{slot}', query: { key: '{key}' } } as const
  return {
    base_url: url,
    auth: { bearer: token },
    health: '/me',
    queries: {
      member: { path: '/members/{number}' },
      hold: { ...slot, purpose: 'reserve', method: 'PUT' },
      free: { ...slot, purpose: 'release' },
    },
  }
}

/** The API answers a member; the sample plugin makes a list of it. */
function onlyOne(answer: Json): Json {
  if (Array.isArray(answer) && answer.length === 1) return answer[0]
  throw new Error('The sample vendor knows one member of each number.')
}
