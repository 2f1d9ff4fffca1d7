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
