import { didYouMean } from '../../value/nearest.ts'
import type { Report } from '../issue.ts'
import type { FlowFile } from '../schema/flow.ts'
import type { FlowParts, MappingParts } from './parts.ts'
import { placeOf } from './place-of.ts'
import { checkSent } from './sent.ts'
import { type Written, writtenInFlow, writtenInMapping } from './written.ts'

/** Every path in `flow.yaml` and `mapping.yaml` must be able to lead somewhere: else it is absent for everyone. */
export function checkReferences(parts: FlowParts, mapping: MappingParts | undefined): void {
  const inFlow = namesOf(parts, 'flow')
  for (const written of writtenInFlow(parts)) {
    check(written, inFlow, parts.report)
    checkSent(written, parts)
  }
  if (mapping === undefined) return
  const inMapping = namesOf(parts, 'mapping')
  for (const written of writtenInMapping(mapping)) check(written, inMapping, mapping.report)
}

/** What the form can hold: the fields of all screens, the lists that repeated ones collect, and what is kept. */
export function fieldNames({ file }: Pick<FlowParts, 'file'>): ReadonlySet<string> {
  return new Set(
    Object.values(file.screens).flatMap(({ fields, repeat, keep }) => [
      ...Object.keys(fields ?? {}),
      ...Object.keys(keep ?? {}),
      ...(repeat === undefined ? [] : [repeat.into]),
    ]),
  )
}

/** What a path may go on with behind its root, `root.name` or `root.*`. What is not here may hold anything. */
type Names = ReadonlyMap<string, Known>

interface Known {
  readonly code: string
  readonly names: ReadonlySet<string>
  /** What is wrong with a name that is none of them. */
  readonly fault: string
}

const SESSION = [
  'id',
  'screen',
  'source',
  'started_at',
  'today',
  'version',
  'language',
  'variant',
  'queue',
  'flags',
  'reservations',
]

/** What only a run that goes on knows, and what only one that is over does. */
const RUNNING = ['round', 'left_at']
const OVER = ['path']

function namesOf(parts: FlowParts, place: 'flow' | 'mapping'): Names {
  const { file } = parts
  const session = [...SESSION, ...(place === 'flow' ? RUNNING : OVER)]
  return new Map([
    ['form', known('FG_CONFIG_FIELD_UNKNOWN', fieldNames(parts), 'names a field that no screen has')],
    ['asked', known('FG_CONFIG_ASK_UNKNOWN', Object.keys(file.asks ?? {}), 'names an ask that the flow does not have')],
    [
      'values',
      known('FG_CONFIG_VALUE_UNKNOWN', Object.keys(file.values ?? {}), 'names a value that the flow does not have'),
    ],
    ['checks', known('FG_CONFIG_CHECK_UNKNOWN', checkIds(file), 'names a check that no screen has')],
    [
      'checks.*',
      known('FG_CONFIG_PATH_UNKNOWN', ['ok', 'message', 'value'], 'leads nowhere: a check has ok, message and value'),
    ],
    ['session', known('FG_CONFIG_PATH_UNKNOWN', session, `leads nowhere: no session has that in a ${place}`)],
    [
      'session.reservations',
      known('FG_CONFIG_PATH_UNKNOWN', reserveNames(file), 'names a reservation that no screen has'),
    ],
    ['flow', known('FG_CONFIG_PATH_UNKNOWN', ['name', 'title', 'version'], 'leads nowhere: no flow has that')],
  ])
}

function known(code: string, names: Iterable<string>, fault: string): Known {
  return { code, names: new Set(names), fault }
}

/** Ids of all checks of a flow. */
function checkIds(file: FlowFile): readonly string[] {
  return Object.values(file.screens).flatMap(({ checks = [] }) => checks.map(({ id }) => id))
}

/** Names of all reservations of a flow. */
function reserveNames(file: FlowFile): readonly string[] {
  return Object.values(file.screens).flatMap(({ reserves = {} }) => Object.keys(reserves))
}

/** Roots that hold nothing yet when a run begins and attributes of the person are worked out. */
const EMPTY_AT_FIRST = ['checks', 'data']

function check({ paths, raw, at, part }: Written, names: Names, report: Report): void {
  for (const path of paths) {
    const [root = '', name, below] = path.split('.')
    if (part === 'person' && EMPTY_AT_FIRST.includes(root)) {
      const message = `\`${path}\` is always absent here: attributes of the person are worked out when a run begins`
      report({ severity: 'error', code: 'FG_CONFIG_PATH_UNKNOWN', message, ...placeOf(path, raw, at) })
      continue
    }
    const found = names.get(root)
    if (found === undefined || name === undefined) continue
    const fault = (code: string, message: string): void =>
      report({ severity: 'error', code, message, ...placeOf(path, raw, at) })
    const deeper = names.get(`${root}.${name}`) ?? names.get(`${root}.*`)
    if (!found.names.has(name)) {
      fault(found.code, `\`${path}\` ${found.fault}${didYouMean(name, found.names)}`)
    } else if (below !== undefined && deeper !== undefined && !deeper.names.has(below)) {
      fault(deeper.code, `\`${path}\` ${deeper.fault}${didYouMean(below, deeper.names)}`)
    }
  }
}
