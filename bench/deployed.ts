import { execFileSync } from 'node:child_process'
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..')

/** The service as its container has it, and the routes that the benchmarks add. */
export const DEPLOYED = join(import.meta.dirname, '.deployed')

/** Bundles this checkout into DEPLOYED. */
export function deploy() {
  rmSync(DEPLOYED, { recursive: true, force: true })
  bundle(ROOT, DEPLOYED, ['bench/service.ts'])
}

/**
 * Bundles a checkout into a new folder as the Dockerfile does, by the checkout's own means, with the
 * packages that are installed there.
 *
 * @param modules are bundled besides the service, and named from the root of the checkout.
 */
export function bundle(root: string, folder: string, modules: readonly string[] = []) {
  execFileSync(process.execPath, [join(root, 'deploy/bundle.ts'), folder, ...modules], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
}
