import t from 'tap'
import { findRelease, readReleased, skipWithout } from './release.ts'

t.test('the last release is the first version in the headings of the changelog', async (t) => {
  const changelog = '# Changelog\n\n## Unreleased\n\n### Added\n\n- ## 9.9.9 (x)\n\n'
  t.equal(findRelease(changelog), undefined)
  const [first, second] = ['## 1.10.0 - 2027-01-31 (v1.10.0)\n', '## [1.9.0] (0a1b2c3)\n']
  t.same(findRelease(changelog + first + second), { version: '1.10.0', revision: 'v1.10.0' })
  t.same(findRelease(changelog + second), { version: '1.9.0', revision: '0a1b2c3' })
  t.throws(() => findRelease(`${changelog}## 2.0.0 - 2027-01-31\n${first}`), {
    message:
      /^CHANGELOG.md: name the tag or commit of the release: .* not "## 2.0.0 - 2027-01-31"$/,
  })
})

t.test('without a release, tests that need it are skipped, and say how to name it', async (t) => {
  t.match(
    skipWithout(undefined, { GITHUB_ACTIONS: 'true' }),
    /^SKIPPED: .* CHANGELOG\.md: "## 1\.0\.0/,
  )
})

t.test(
  "if the clone lacks the release, these tests are skipped, and fail in GitHub's CI",
  async (t) => {
    const release = { version: '1.0.0', revision: 'no-such-tag' }
    const message = /this clone has no no-such-tag, .* release 1\.0\.0: run git fetch --tags/
    t.match(skipWithout(release, { CI: 'true' }), message)
    t.throws(() => skipWithout(release, { GITHUB_ACTIONS: 'true' }), { message })
  },
)

t.test('the files of a release are read from its commit', async (t) => {
  const release = { version: '1.0.0', revision: 'HEAD' }
  t.equal(skipWithout(release, { GITHUB_ACTIONS: 'true' }), false)
  t.equal(JSON.parse(readReleased(release, 'package.json')).type, 'module')
})
