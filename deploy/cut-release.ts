/**
 * Prepares a release: writes its version into all files that have one, and its heading into CHANGELOG.md.
 *
 *     npm run release -- 1.2.0
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const HEADING = /^## Unreleased$/m

/** Places of the version. The expressions match the text before it. */
const PLACES: [file: string, before: RegExp][] = [
  ['package.json', /^ {2}"version": "/m],
  ['package-lock.json', /^ {2}"version": "/m],
  ['package-lock.json', /^ {4}"": {\n.*\n {6}"version": "/m],
  ['Dockerfile', /org\.opencontainers\.image\.version="/],
  ['deploy/kubernetes/kustomization.yaml', /newTag: /],
  ['docs/openapi.yaml', /^ {2}version: /m],
]

const [, , version = ''] = process.argv
try {
  cutRelease(version)
  console.log(`The files have the version ${version}. Next, as CONTRIBUTING.md (Releases) says:
  delete the declared changes of the API
  npm run openapi && npm run check
  git commit --all --message "Release ${version}"
  git tag v${version}
  git push --atomic origin main v${version}`)
} catch (error) {
  console.error(`release: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}

/** @throws {Error} before any file is changed, if the version or a file is not as expected */
function cutRelease(next: string) {
  if (!/^\d+\.\d+\.\d+$/.test(next)) {
    throw new Error(`name the version, such as 1.2.0, not ${JSON.stringify(next)}`)
  }
  const { version: last }: { version: string } = JSON.parse(read('package.json'))
  const changelog = read('CHANGELOG.md')
  if (next.localeCompare(last, 'en', { numeric: true }) < 0 || isReleased(changelog, next)) {
    throw new Error(`name a version after ${last}, not ${next}`)
  }
  if (!HEADING.test(changelog)) {
    throw new Error('CHANGELOG.md has no heading "## Unreleased": describe the changes under it')
  }
  const [today] = new Date().toISOString().split('T')
  const contents = new Map([
    ['CHANGELOG.md', changelog.replace(HEADING, `## ${next} - ${today} (v${next})`)],
  ])
  for (const [file, before] of PLACES) {
    const place = new RegExp(`(${before.source})\\d+\\.\\d+\\.\\d+`, before.flags)
    const content = contents.get(file) ?? read(file)
    if (!place.test(content)) throw new Error(`${file} has no version after ${before.source}`)
    contents.set(file, content.replace(place, `$1${next}`))
  }
  for (const [file, content] of contents) writeFileSync(join(ROOT, file), content)
}

/** Returns true if a heading of the changelog names the version. The version may have been raised since. */
function isReleased(changelog: string, next: string): boolean {
  return changelog.split('\n').some((line) => line.startsWith(`## ${next} `))
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}
