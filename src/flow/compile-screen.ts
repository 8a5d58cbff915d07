import type { Path, Report } from '../config/issue.ts'
import { DEFAULT_WAY_OUT_AFTER } from '../config/schema/defaults.ts'
import type { CheckFile, ReserveFile, ScreenFile, TriggerFile, WayOutFile } from '../config/schema/flow.ts'
import { compileCondition } from '../value/condition.ts'
import { FLOW_ROOTS } from '../value/options.ts'
import type { FlowJsonScreen } from '../whatsapp/flow-json.ts'
import { compileField } from './compile-field.ts'
import { compileNext, outcomeOf } from './compile-next.ts'
import { compileFlowValue, compileValues, compileWhen, type Workshop } from './compile-values.ts'
import type { Check, Flow, Reserve, Screen, Trigger } from './model.ts'
import { judgedBy, pathsOfCheck } from './run-checks.ts'
import { compileWords } from './words.ts'

/** What a flow names for all its screens. */
type Named = Pick<Flow, 'asks' | 'values' | 'flowJson'>

/** Makes one screen of a `flow.yaml` ready to run. */
export function compileScreen(id: string, file: ScreenFile, named: Named, path: Path, shop: Workshop): Screen {
  const { report } = shop
  const { repeat } = file
  return {
    id,
    fields: new Map(
      Object.entries(file.fields ?? {}).map(([name, field]) => [
        name,
        compileField(name, field, [...path, 'fields', name], report),
      ]),
    ),
    selected: selectedAlone(named.flowJson.screens.get(id)),
    data: compileValues(file.data ?? {}, [...path, 'data'], shop),
    triggers: (file.triggers ?? []).map((trigger, index) =>
      compileTrigger(trigger, [...path, 'triggers', index], report),
    ),
    checks: (file.checks ?? []).map((check, index) => compileCheck(check, named, [...path, 'checks', index], shop)),
    reserves: new Map(
      Object.entries(file.reserves ?? {}).map(([name, reserve]) => [
        name,
        compileReserve(reserve, [...path, 'reserves', name], shop),
      ]),
    ),
    keep: compileValues(file.keep ?? {}, [...path, 'keep'], shop),
    ...(repeat === undefined
      ? {}
      : { repeat: { into: repeat.into, times: compileFlowValue(repeat.times, [...path, 'repeat', 'times'], shop) } }),
    ...(file.way_out === undefined ? {} : compileWayOut(file.way_out, [...path, 'way_out'], report)),
    next: compileNext(file.next ?? [], [...path, 'next'], shop),
    aside: new Set([
      ...(file.triggers ?? []).flatMap(({ show }) => show ?? []),
      ...(file.way_out?.show === undefined ? [] : [file.way_out.show]),
      ...[...named.asks.values()].flatMap(({ ifUnavailable }) =>
        ifUnavailable.flatMap((way) => (way.kind === 'show' ? [way.screen] : [])),
      ),
    ]),
  }
}

/** Payload keys that selections of a screen send and its buttons and links do not. */
function selectedAlone(screen: FlowJsonScreen | undefined): ReadonlySet<string> {
  const keysOf = (clicked: boolean): readonly string[] =>
    (screen?.exchanges ?? [])
      .filter(({ attribute }) => (attribute === 'on-click-action') === clicked)
      .flatMap(({ payload }) => Object.keys(payload))
  const pressed = new Set(keysOf(true))
  return new Set(keysOf(false).filter((key) => !pressed.has(key)))
}

function compileTrigger(file: TriggerFile, path: Path, report: Report): Trigger {
  if (file.tell === true && (file.checks === undefined || file.show !== undefined)) {
    const message = '`tell` says on the same screen what `checks` came to: it goes with `checks`, and not with `show`'
    report({ severity: 'error', path: [...path, 'tell'], code: 'FG_CONFIG_RULE', message, atKey: true })
  }
  return {
    when: compileCondition(file.when, report, [...path, 'when'], { roots: FLOW_ROOTS }),
    checks: file.checks ?? [],
    tell: file.tell ?? false,
    clear: file.clear ?? [],
    ...(file.show === undefined ? {} : { show: file.show }),
  }
}

function compileCheck(file: CheckFile, named: Named, path: Path, shop: Workshop): Check {
  const { report } = shop
  const check = {
    id: file.id,
    that: compileCondition(file.that, report, [...path, 'that'], { roots: FLOW_ROOTS }),
    ...compileWhen(file.when, path, shop),
    ...(file.field === undefined ? {} : { field: file.field }),
    message: compileWords(file.message, [...path, 'message'], report),
    ...(file.ok_message === undefined
      ? {}
      : { okMessage: compileWords(file.ok_message, [...path, 'ok_message'], report) }),
    ...(file.value === undefined ? {} : { value: compileFlowValue(file.value, [...path, 'value'], shop) }),
    onSubmit: file.on_submit ?? true,
  }
  return { ...check, ...judgedBy(named, pathsOfCheck(check)) }
}

function compileReserve(file: ReserveFile, path: Path, shop: Workshop): Reserve {
  return {
    source: file.source,
    reserve: file.reserve,
    release: file.release,
    with: compileValues(file.with, [...path, 'with'], shop),
    ...(file.field === undefined ? {} : { field: file.field }),
    taken: compileWords(file.taken, [...path, 'taken'], shop.report),
  }
}

function compileWayOut(file: WayOutFile, path: Path, report: Report): Pick<Screen, 'wayOut'> {
  if ((file.show === undefined) === (file.escalate === undefined)) {
    const message = 'a way out has either show: SCREEN or escalate: SCREEN'
    report({ severity: 'error', path, code: 'FG_CONFIG_RULE', message })
  }
  const outcome = outcomeOf(file)
  return { wayOut: { after: file.after ?? DEFAULT_WAY_OUT_AFTER, outcome } }
}
