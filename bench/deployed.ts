import { execFileSync } from 'node:child_process'
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

/** Where the service stands as the container has it, with what the benchmarks add. */
export const DEPLOYED = join(import.meta.dirname, '.deployed')

/** Puts it there: bundled as in the Dockerfile, with the packages that are installed. */
export function deploy() {
  rmSync(DEPLOYED, { recursive: true, force: true })
  execFileSync(process.execPath, [join(ROOT, 'deploy/bundle.ts'), DEPLOYED, 'bench/service.ts'])
  symlinkSync(join(ROOT, 'node_modules'), join(DEPLOYED, 'node_modules'))
}
