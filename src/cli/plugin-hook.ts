/**
 * Imported before a plugin's own tests (`node --import`): `flowgate/plugin` is then this gateway's, wherever the plugin's
 * folder lies.
 */
import { hookResolution } from '../registry/resolve-plugin.ts'

hookResolution()
