import { execFile } from 'node:child_process'
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { cloneProject } from './docs/clone.ts'

const ROOT = new URL('../', import.meta.url)
const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
  scripts: Record<string, string> // `scripts` of package.json maps names to commands
}

for (const [name, command] of Object.entries(scripts)) {
  const [, file] = /^node (?:--\S+ )*(\S+)/.exec(command) ?? []
  if (file === undefined) continue
  t.test(`npm run ${name} runs a file that exists`, async (t) => {
    t.doesNotThrow(() => readFileSync(new URL(file, ROOT)), file)
  })
}

const run = promisify(execFile)

/** Runs npm without the loaders that tap adds to the environment. */
const npm = (words: string[], cwd: string | URL, options = '') =>
  run('npm', words, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_OPTIONS: options },
  })

/** Node option that makes npm take its Node for an old one. */
const OLD_NODE = `--import=data:text/javascript,${encodeURIComponent(
  "Object.defineProperty(process, 'version', { value: 'v20.20.2' })",
)}`

t.test('npm ci with an old Node prints no warnings, but errors', async (t) => {
  const directory = t.testdir()
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
    cpSync(new URL(file, ROOT), join(directory, file))
  }
  const install = () => npm(['ci', '--dry-run', '--offline'], directory, OLD_NODE)
  t.equal((await install()).stderr, '')
  rmSync(join(directory, 'package-lock.json'))
  const failure = await install().catch((error: unknown) => error)
  t.match(failure, { stderr: /^npm error .*package-lock\.json/m })
})

t.test('npm install saves exact versions', async (t) => {
  const { stdout } = await npm(['config', 'get', 'save-exact'], ROOT)
  t.equal(stdout.trim(), 'true')
})

t.test('npm run test:file runs one test file, and succeeds', async (t) => {
  // tap in the project's folder would delete the coverage that the running tap has gathered there
  const clone = await cloneProject(t)
  const { stdout } = await npm(['run', 'test:file', '--', 'test/src/http/text.test.ts'], clone)
  t.match(stdout, /# \{ total: \d+, pass: \d+ \}|Asserts: +\d+ passed/)
})
