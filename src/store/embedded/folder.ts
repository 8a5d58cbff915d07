import { resolve } from 'node:path'

/** Where the embedded database lives when DATABASE_URL is not set, from the folder that the process was started in. */
export const EMBEDDED_FOLDER = resolve('.data')
