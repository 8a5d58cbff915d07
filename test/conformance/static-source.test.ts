import { type SourceStage, sourceConformance } from 'flowgate/plugin/testing'
import type { Lists } from '../../plugins/static-source/config.ts'
import plugin from '../../plugins/static-source/index.ts'

sourceConformance({
  name: 'static-source',
  plugin,
  stage: staticStage,
  // Its lists stand in the configuration: there is nobody to ask, to refuse or to run out.
  without: ['credentials', 'trouble', 'rate limits', 'reservations'],
})

function staticStage(): SourceStage<{ readonly lists: Lists }> {
  const departments = Array.from({ length: 10 }, (_, index) => ({ id: `department-${index}`, title: `D ${index}` }))
  return {
    config: { lists: { departments } },
    secrets: ['department-'],
    known: (index) => ({
      query: 'departments',
      parameters: { id: `department-${index}` },
      answer: departments.filter(({ id }) => id === `department-${index}`),
    }),
    nothing: { query: 'departments', parameters: { id: 'department-10' } },
    [Symbol.asyncDispose]: async () => undefined,
  }
}
