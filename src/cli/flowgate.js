#!/usr/bin/env node
// Plain JavaScript, as what it imports: an older Node must get as far as finding a newer one.
import { fileURLToPath } from 'node:url'
import { runOnNode24 } from './node24.js'

await runOnNode24(fileURLToPath(new URL('../main.ts', import.meta.url)), process.argv.slice(2))
