import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'

/** Returns the names of the plugins in a folder, each either `NAME.ts` or `NAME/index.ts`. */
export function findPlugins(folder: string): string[] {
  return readdirSync(folder)
    .filter((entry) => entry.endsWith('.ts') || existsSync(join(folder, entry, 'index.ts')))
    .map((entry) => entry.replace(/\.ts$/, ''))
}

/**
 * Removes the hooks of a plugin, so that their cost can be measured. The plugin's decorators stay, since other plugins
 * may need them.
 */
export function removeHooks(app: FastifyInstance, plugin: string): void {
  for (const { names, hooks } of Object.values(app.hookChains)) {
    for (let index = names.length - 1; index >= 0; index--) {
      if (names[index]?.split('/', 1)[0] !== plugin) continue
      names.splice(index, 1)
      hooks.splice(index, 1)
    }
  }
}
