/**
 * Checks for programs that some tests need and `npm ci` does not install. If a program is missing, a test is skipped on
 * a developer's machine. In CI, the test fails, because nobody would notice a skipped test there.
 */
import { existsSync, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Path of Chromium in Debian's package. */
export const CHROMIUM = '/usr/bin/chromium'

/** PATH with the folder in which Debian installs nginx. For users other than root, PATH often lacks this folder. */
export const SEARCH_PATH = `${process.env.PATH}${delimiter}/usr/sbin`

/** Folder of the newest PostgreSQL server from Debian's packages; undefined if none is installed. */
export const POSTGRES_PROGRAMS = globSync('/usr/lib/postgresql/*/bin/initdb')
  .map((initdb) => join(initdb, '..'))
  .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
  .at(-1)

const PROGRAMS = {
  caddy: () => isOnPath('caddy'),
  chromium: () => existsSync(CHROMIUM),
  haproxy: () => isOnPath('haproxy'),
  nginx: () => isOnPath('nginx'),
  openssl: () => isOnPath('openssl'),
  pgbouncer: () => isOnPath('pgbouncer'),
  postgresql: () => POSTGRES_PROGRAMS !== undefined,
  prometheus: () => isOnPath('promtool'),
  'redis-server': () => isOnPath('redis-server'),
  slowhttptest: () => isOnPath('slowhttptest'),
  systemd: () => isOnPath('systemd-analyze'),
  varnish: () => isOnPath('varnishd'),
}

/** Name of a program's Debian package. */
export type Program = keyof typeof PROGRAMS

/**
 * Returns the `skip` option of a test that needs these programs.
 *
 * @throws {Error} in CI if a program is missing
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

/** Returns the `skip` option of a test that mounts disks or creates namespaces. */
export function skipUnlessRoot(): string | false {
  return process.getuid?.() === 0 ? false : skipBecause('this test needs root')
}

function isOnPath(program: string): boolean {
  return SEARCH_PATH.split(delimiter).some((folder) => existsSync(join(folder, program)))
}
