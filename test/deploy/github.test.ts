import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readText, readYaml } from './files.ts'

interface Job {
  steps: { run?: string; with?: { 'node-version'?: string; 'fetch-depth'?: number } }[]
}

t.test('the workflow audits the dependencies, also in a week without changes', async (t) => {
  const { on, jobs } = readYaml<{ on: object; jobs: Record<string, Job> }>(
    '.github/workflows/check.yml',
  )
  const commands = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run }) => run))
  t.ok(commands.some((command) => command?.startsWith('npm audit --package-lock-only')))
  t.hasProp(on, 'schedule')
})

t.test('the checks have the whole history, in which the last release is', async (t) => {
  const { jobs } = readYaml<{ jobs: Record<string, Job> }>('.github/workflows/check.yml')
  t.equal(jobs.check?.steps[0]?.with?.['fetch-depth'], 0)
})

interface Release {
  on: object
  permissions: object
  jobs: {
    check: { uses: string }
    image: {
      needs: string
      steps: { run?: string; uses?: string; with?: Record<string, unknown> }[]
    }
  }
}

t.test('a tag publishes the image after all checks, with SBOM and provenance', async (t) => {
  const { on, permissions, jobs } = readYaml<Release>('.github/workflows/release.yml')
  t.strictSame(on, { push: { tags: ['v*.*.*'] } })
  t.strictSame(permissions, { contents: 'read' })
  t.equal(jobs.check.uses, './.github/workflows/check.yml')
  t.hasProp(readYaml<{ on: object }>('.github/workflows/check.yml').on, 'workflow_call')
  const { needs, steps } = jobs.image
  t.equal(needs, 'check')
  t.ok(steps.every(({ run, uses }) => run ?? /^[\w-]+\/[\w-]+@v\d+$/.test(String(uses))))
  const build = steps.find(({ uses }) => uses?.startsWith('docker/build-push-action@'))
  t.match(build?.with, { push: true, sbom: true, provenance: 'mode=max', context: '.' })
  const [argument] = String(build?.with?.['build-args']).split('=')
  t.match(readText('Dockerfile'), `ARG ${argument}=\n`)
})

t.test('the tag of a release must be the version in package.json and CHANGELOG.md', async (t) => {
  const { steps } = readYaml<Release>('.github/workflows/release.yml').jobs.image
  const script = String(steps.find(({ run }) => run)?.run)
  const folder = t.testdir({ 'package.json': '{ "version": "1.2.0" }', output: '' })
  function check(tag: string, changelog: string, registry = 'registry.example') {
    writeFileSync(join(folder, 'CHANGELOG.md'), changelog)
    const env = {
      ...process.env,
      GITHUB_REF_NAME: tag,
      REGISTRY: registry,
      GITHUB_REPOSITORY: 'Someone/Shop',
      GITHUB_OUTPUT: join(folder, 'output'),
    }
    return spawnSync('bash', ['-e', '-c', script], { cwd: folder, env }).status
  }
  const heading = '# Changelog\n\n## 1.2.0 - 2027-01-31 (v1.2.0)\n'
  t.equal(check('v1.2.0', heading), 0)
  t.equal(readFileSync(join(folder, 'output'), 'utf8'), 'tag=registry.example/someone/shop:1.2.0\n')
  t.not(check('v1.2.1', heading), 0)
  t.not(check('v1.2.0', heading, ''), 0)
  t.not(check('v1.2.0', '# Changelog\n\n## Unreleased\n'), 0)
})

interface Update {
  'package-ecosystem': string
  directory?: string
  directories?: string[]
}

t.test('Dependabot watches all lockfiles, the images and the actions', async (t) => {
  const { updates } = readYaml<{ updates: Update[] }>('.github/dependabot.yml')
  const watched = updates.flatMap(({ 'package-ecosystem': name, directory, directories }) =>
    (directories ?? [String(directory)]).map((folder) => `${name} ${folder}`),
  )
  t.strictSame(watched, ['npm **/*', 'docker /', 'docker-compose /', 'github-actions /'])
})

t.test('engines admits the pinned version of Node', async (t) => {
  const { engines, devDependencies } = JSON.parse(readText('package.json'))
  t.equal(engines.node, '^24.18.1 || >=26.5.1')
  t.match(devDependencies.node, /^(?:26\.(?:[6-9]|\d{2})\.|2[7-9]\.)/)
})
