/**
 * Programs and rights that some tests need and `npm ci` does not install. Such a test is skipped with its
 * reason on a developer's machine, and fails in CI, where a skipped test would go unnoticed.
 */
import { existsSync, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Chromium of Debian's package. */
export const CHROMIUM = '/usr/bin/chromium'

/** Debian installs nginx in the last folder, which is often missing from the PATH of other users than root. */
export const SEARCH_PATH = `${process.env.PATH}${delimiter}/usr/sbin`

/** Folder of the newest PostgreSQL server programs of Debian's packages, if there is one. */
export const POSTGRES_PROGRAMS = globSync('/usr/lib/postgresql/*/bin/initdb')
  .map((initdb) => join(initdb, '..'))
  .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
  .at(-1)

const PROGRAMS = {
  chromium: () => existsSync(CHROMIUM),
  nginx: () => isOnPath('nginx'),
  postgresql: () => POSTGRES_PROGRAMS !== undefined,
  'redis-server': () => isOnPath('redis-server'),
  slowhttptest: () => isOnPath('slowhttptest'),
}

/** A program by the name of its Debian package. */
export type Program = keyof typeof PROGRAMS

/**
 * Returns the `skip` option of a test that needs these programs.
 *
 * @throws {Error} in CI if one is missing
 */
export function skipUnless(...programs: Program[]): string | false {
  const missing = programs.filter((program) => !PROGRAMS[program]())
  if (missing.length === 0) return false
  return skipBecause(`this test needs Debian's ${missing.join(' and ')}`)
}

/**
 * Returns the `skip` option of a test that cannot run for this reason.
 *
 * @throws {Error} in CI
 */
export function skipBecause(reason: string, env = process.env): string {
  if (env.CI) throw new Error(`${reason}; in CI no test is skipped`)
  return `SKIPPED: ${reason}`
}

function isOnPath(program: string): boolean {
  return SEARCH_PATH.split(delimiter).some((folder) => existsSync(join(folder, program)))
}
