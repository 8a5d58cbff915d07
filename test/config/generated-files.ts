import { readFileSync, writeFileSync } from 'node:fs'
import { editorSchemas } from '../../src/config/editor-schemas.ts'
import { generatedPage, REFERENCE_PAGE, referencePage } from './reference-page.ts'

const SCHEMAS = new URL('../../config/schema/', import.meta.url)

/** The files that are made of the schemas in `src/config/schema`, by their path, with what they must hold. */
export function generatedFiles(): ReadonlyMap<URL, string> {
  const schemas = [...editorSchemas()].map(
    ([name, schema]) => [new URL(name, SCHEMAS), `${JSON.stringify(schema, null, 2)}\n`] as const,
  )
  return new Map([...schemas, [REFERENCE_PAGE, generatedPage(referencePage())]])
}

/** `node test/config/generated-files.ts --write` makes them anew. */
if (import.meta.main && process.argv.includes('--write')) {
  for (const [file, text] of generatedFiles())
    if (readFileSync(file, { encoding: 'utf8', flag: 'a+' }) !== text) writeFileSync(file, text)
}
