import { compileFlow } from '../flow/compile.ts'
import { compileMapping } from '../map/compile.ts'
import type { Json } from '../plugin/json.ts'
import type { FlowJson } from '../whatsapp/flow-json.ts'
import { parseFlowJson } from '../whatsapp/parse-flow-json.ts'
import type { FlowVersion } from './configuration.ts'
import { checkAbilities, type DestinationAbilities } from './cross-check/abilities.ts'
import { adviseOnLength } from './cross-check/advice.ts'
import { checkAnswers } from './cross-check/answers.ts'
import { checkAsks } from './cross-check/asks.ts'
import { checkChecks } from './cross-check/checks.ts'
import { adviseOnChoices } from './cross-check/choices.ts'
import { checkDestinations, type DestinationKinds } from './cross-check/destinations.ts'
import { checkFallbackScreens } from './cross-check/fallback-screens.ts'
import { adviseOnLanguages } from './cross-check/languages.ts'
import { adviseOnLists } from './cross-check/lists.ts'
import { checkMappingNames } from './cross-check/mapping-names.ts'
import { checkOperatorTests } from './cross-check/operator-tests.ts'
import type { FlowParts, MappingParts } from './cross-check/parts.ts'
import { checkRecipients, type KnownRecipients } from './cross-check/recipients.ts'
import { checkReferences } from './cross-check/references.ts'
import { checkScreenData } from './cross-check/screen-data.ts'
import { checkScreens } from './cross-check/screens.ts'
import { checkSources, type KnownSources } from './cross-check/sources.ts'
import { checkVariants } from './cross-check/variants.ts'
import { checkWays } from './cross-check/ways.ts'
import { checkWriteOrders, type DestinationOrders } from './cross-check/write-orders.ts'
import type { Issue, Path } from './issue.ts'
import type { FlowFiles } from './read-folder.ts'
import { reportIn } from './report-in.ts'
import { type FlowFile, FlowFileSchema } from './schema/flow.ts'
import { type MappingFile, MappingFileSchema } from './schema/mapping.ts'
import { type TestsFile, TestsFileSchema, testsOf } from './schema/tests.ts'
import { checkSchema } from './schema-check.ts'
import type { SourceFile } from './source-file.ts'
import { checkFolderName } from './version-folder.ts'

type AddIssue = (issue: Issue) => void

/** What the files of a flow may name in `destinations.yaml`. Each is `undefined` where that file cannot be read. */
export interface Configured {
  readonly kinds: DestinationKinds | undefined
  /** Orders of values that destinations know. */
  readonly orders?: DestinationOrders
  /** What CRMs can do. */
  readonly abilities?: DestinationAbilities
  /** Whom destinations reach. */
  readonly recipients?: KnownRecipients
  readonly sources: KnownSources | undefined
}

/** One version of a flow, with what it takes to compare it with the others. */
export interface LoadedVersion {
  readonly files: FlowFiles
  readonly configured: FlowVersion
  readonly parts: FlowParts
  /** Nothing of its `flow.yaml` and `flow.json` was left out. */
  readonly whole: boolean
}

/**
 * Validates, compiles and cross-checks the files of one version of a flow. `undefined` where not even a broken flow can be
 * made of them. A part with missing pieces is compiled for its own mistakes but not compared with others: what it lacks
 * would show as mistakes elsewhere.
 */
export async function loadFlow(
  files: FlowFiles,
  configured: Configured,
  add: AddIssue,
): Promise<LoadedVersion | undefined> {
  const flowJson = files.flowJson && readFlowJson(files.flowJson, add)
  const parts = readFlow(files, flowJson, add)
  const mapping = files.mapping && readMapping(files.mapping, add)
  const tests = files.tests && readTests(files.tests, add)
  const { kinds, orders, abilities, recipients, sources } = configured
  if (mapping !== undefined && kinds !== undefined) {
    checkDestinations(mapping.file, kinds, mapping.report)
    if (orders !== undefined) checkWriteOrders(mapping, kinds, orders)
    if (abilities !== undefined) checkAbilities(mapping, abilities)
    if (recipients !== undefined) checkRecipients(mapping.file, recipients, mapping.report)
  }
  if (parts === undefined) return undefined
  if (sources !== undefined) checkSources(parts, sources, kinds)
  if (parts.whole) await compare(parts, mapping, sources)
  if (parts.whole && tests !== undefined && files.tests !== undefined && mapping?.whole !== false) {
    checkOperatorTests(tests, parts, mapping, sources, reportIn(files.tests, add))
  }
  const { flow, whole } = parts
  return {
    files,
    configured: { flow, mapping: mapping?.mapping, tests: tests === undefined ? [] : testsOf(tests) },
    parts,
    whole,
  }
}

async function compare(
  parts: FlowParts,
  mapping: MappingParts | undefined,
  sources: KnownSources | undefined,
): Promise<void> {
  checkScreens(parts)
  await checkScreenData(parts)
  checkAnswers(parts)
  checkReferences(parts, mapping)
  checkAsks(parts)
  checkFallbackScreens(parts)
  checkWays(parts)
  checkChecks(parts)
  checkVariants(parts, mapping)
  adviseOnLists(parts, sources)
  adviseOnLanguages(parts)
  adviseOnChoices(parts, mapping)
  if (mapping !== undefined) checkMappingNames(parts, mapping)
  adviseOnLength(parts)
}

function readFlowJson(source: SourceFile, add: AddIssue): FlowJson | undefined {
  if (source.data === undefined) return undefined
  const flowJson = parseFlowJson(source.data as Json, reportIn(source, add))
  return flowJson.screens.size === 0 ? undefined : flowJson
}

/** What a flow is compiled against where its Flow JSON cannot be read: enough to find its own mistakes. */
const NO_FLOW_JSON: FlowJson = {
  version: '',
  dataApiVersion: undefined,
  screens: new Map(),
  entryScreens: new Set(),
  routing: new Map(),
}

function readFlow(
  { folder, flow: source, flowJson: flowJsonSource, images }: FlowFiles,
  flowJson: FlowJson | undefined,
  add: AddIssue,
): (FlowParts & { readonly whole: boolean }) | undefined {
  if (source?.data === undefined) return undefined
  const { value: file, whole, report } = checkSchema<FlowFile>(FlowFileSchema, source.data, reportIn(source, add))
  if (file === undefined) return undefined
  checkFolderName(file, folder, report)
  const place = (path: Path): string => {
    const { line, column } = source.place(path)
    return `${source.file}:${line}:${column}`
  }
  const flow = compileFlow(file, { flowJson: flowJson ?? NO_FLOW_JSON, place, images }, report)
  const reportFlowJson = flowJsonSource === undefined ? report : reportIn(flowJsonSource, add)
  return { file, flow, report, reportFlowJson, whole: whole && flowJson !== undefined }
}

function readMapping(source: SourceFile, add: AddIssue): (MappingParts & { readonly whole: boolean }) | undefined {
  if (source.data === undefined) return undefined
  const {
    value: file,
    whole,
    report,
  } = checkSchema<MappingFile>(MappingFileSchema, source.data ?? {}, reportIn(source, add))
  return file && { file, mapping: compileMapping(file, report), report, whole }
}

function readTests(source: SourceFile, add: AddIssue): TestsFile | undefined {
  if (source.data === undefined) return undefined
  return checkSchema<TestsFile>(TestsFileSchema, source.data, reportIn(source, add)).value
}
