import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { skipBecause } from './requirement.ts'

const ROOT = join(import.meta.dirname, '..')
const EXAMPLE = '## 1.0.0 - 2027-01-31 (v1.0.0)'

export interface Release {
  version: string
  /** Tag or commit. */
  revision: string
}

/**
 * Returns the last release: the first heading of a changelog that names a version, and its tag or commit in parentheses.
 *
 * @throws {Error} if that heading names no revision
 */
export function findRelease(changelog: string): Release | undefined {
  const [heading, version] = /^## \[?(\d+\.\d+\.\d+).*$/m.exec(changelog) ?? []
  if (heading === undefined || version === undefined) return undefined
  const [, revision] = /\((\S+)\)$/.exec(heading) ?? []
  if (revision) return { version, revision }
  throw new Error(
    `CHANGELOG.md: name the tag or commit of the release: "${EXAMPLE}", not "${heading}"`,
  )
}

/** The last release of CHANGELOG.md; undefined if there is none. */
export const LAST_RELEASE = findRelease(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'))

/**
 * Returns the `skip` option of a test that needs the files of a release.
 *
 * @throws {Error} in GitHub's CI if the clone lacks the release. Other machines may run the tests in a clone without the
 * whole history.
 */
export function skipWithout(release: Release | undefined, env = process.env): string | false {
  if (!release) return `SKIPPED: there is no release; name the first in CHANGELOG.md: "${EXAMPLE}"`
  const { version, revision } = release
  try {
    git('cat-file', '-e', `${revision}^{commit}`)
    return false
  } catch {
    const reason = `this clone has no ${revision}, which CHANGELOG.md names as release ${version}`
    return skipBecause(`${reason}: run git fetch --tags --unshallow, or correct the heading`, {
      CI: env.GITHUB_ACTIONS,
    })
  }
}

/** Returns the content of a file at a release. */
export function readReleased({ revision }: Release, file: string): string {
  return git('show', `${revision}:${file}`)
}

function git(...words: string[]): string {
  return execFileSync('git', words, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY,
    stdio: 'pipe',
  })
}
