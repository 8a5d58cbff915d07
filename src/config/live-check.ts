import type { CrmObject } from '../plugin/crm-object.ts'
import { checkLiveRecord } from './cross-check/live-records.ts'
import { recordsIn } from './cross-check/mapping-items.ts'
import type { Issue } from './issue.ts'
import { readFolder } from './read-folder.ts'
import { reportIn } from './report-in.ts'
import type { MappingFile } from './schema/mapping.ts'

/** What each CRM has now, by the name of the destination; one that is not here is not compared. */
export type LiveObjects = ReadonlyMap<string, readonly CrmObject[]>

/** Compares the mappings of a folder that loads without a mistake with what the CRMs have now. By file and line. */
export async function checkLive(folder: string, live: LiveObjects): Promise<readonly Issue[]> {
  const issues: Issue[] = []
  const { flows } = await readFolder(folder, () => {})
  for (const { mapping } of flows) {
    if (mapping?.data === undefined || mapping.data === null) continue
    const report = reportIn(mapping, (issue) => issues.push(issue))
    for (const { raw, at } of recordsIn(mapping.data as MappingFile)) {
      const objects = live.get(raw.to)
      if (objects !== undefined) checkLiveRecord(raw, at, objects, report)
    }
  }
  return issues.sort(
    (left, right) => left.file.localeCompare(right.file) || left.line - right.line || left.column - right.column,
  )
}
