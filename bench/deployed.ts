import { execFileSync } from 'node:child_process'
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..')

/** Folder of the bundled service, including the routes of `service.ts`. */
export const DEPLOYED = join(import.meta.dirname, '.deployed')

/** Bundles this checkout into DEPLOYED. */
export function deploy() {
  rmSync(DEPLOYED, { recursive: true, force: true })
  bundle(ROOT, DEPLOYED, ['bench/service.ts'])
}

/**
 * Bundles a checkout into a new folder, as the Dockerfile does. Uses the checkout's own `deploy/bundle.ts` and
 * `node_modules`.
 *
 * @param modules further modules to bundle, relative to the root of the checkout.
 */
export function bundle(root: string, folder: string, modules: readonly string[] = []) {
  execFileSync(process.execPath, [join(root, 'deploy/bundle.ts'), folder, ...modules], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
}
