import { execFileSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

/** Where the service stands as the container has it, with what the benchmarks add. */
export const DEPLOYED = join(import.meta.dirname, '.deployed')

/** Puts it there: the sources, and the packages that they need, with libraries bundled as in the Dockerfile. */
export function deploy() {
  rmSync(DEPLOYED, { recursive: true, force: true })
  for (const path of [
    ...['package.json', 'src', 'plugins', 'routes', 'bench/service.ts', 'bench/without.ts'],
    ...findPackages(),
  ]) {
    cpSync(join(ROOT, path), join(DEPLOYED, path), { recursive: true })
  }
  execFileSync(process.execPath, [join(ROOT, 'deploy/bundle-libraries.ts'), DEPLOYED])
}

/** The folders of the packages that are needed to run, and not to develop. */
function findPackages(): string[] {
  const output = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const [, ...folders] = output.trim().split('\n') // the first is the project's own
  return folders.map((folder) => relative(ROOT, folder))
}
