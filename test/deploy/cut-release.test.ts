import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cloneProject } from '../docs/clone.ts'
import { findRelease } from '../release.ts'

const FILES = [
  'package.json',
  'package-lock.json',
  'Dockerfile',
  'deploy/kubernetes/kustomization.yaml',
  'docs/openapi.yaml',
  'CHANGELOG.md',
]

t.test('npm run release writes the version into all files that have one', async (t) => {
  const clone = await cloneProject(t)
  const read = () => FILES.map((file) => readFileSync(join(clone, file), 'utf8'))
  const release = (version: string) => {
    const words = ['--silent', 'run', 'release', '--', version]
    const { status, stdout, stderr } = spawnSync('npm', words, { cwd: clone, encoding: 'utf8' })
    return { status, stdout, stderr }
  }
  const before = read()
  const { version } = JSON.parse(String(before[0]))
  t.match(release('0.0.1'), { status: 1, stderr: `release: name a version after ${version}, not` })
  t.match(release('v999.0.0'), { status: 1, stderr: /^release: name the version, such as 1\.2\.0/ })
  t.strictSame(read(), before, 'a wrong version changes nothing')

  t.match(release('999.1.0'), { status: 0, stderr: '', stdout: /\n {2}git tag v999\.1\.0\n/ })
  const [manifest = '', lock = '', ...others] = read()
  t.equal(JSON.parse(manifest).version, '999.1.0')
  t.match(JSON.parse(lock), { version: '999.1.0', packages: { '': { version: '999.1.0' } } })
  for (const [index, content] of others.entries())
    t.match(content, '999.1.0', String(FILES[index + 2]))
  const changelog = String(others.at(-1))
  t.strictSame(findRelease(changelog), { version: '999.1.0', revision: 'v999.1.0' })
  const lines = (content: string) => content.split('\n')
  for (const [index, content] of read().entries()) {
    const old = lines(String(before[index]))
    const changed = lines(content).filter((line, number) => line !== old[number])
    t.ok(changed.length <= 2, `only the version changes in ${FILES[index]}`)
  }
  t.match(release('999.1.0'), { status: 1, stderr: /^release: name a version after 999\.1\.0/ })
  t.match(release('999.2.0'), { status: 1, stderr: /^release: CHANGELOG\.md has no heading/ })
})
