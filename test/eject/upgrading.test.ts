import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { expectSuccess, expectTypes, writeBlocks } from '../docs/clone.ts'
import { fencedBlocks } from '../docs/console.ts'
import { eject } from '../eject/ejected.ts'
import { skipBecause } from '../requirement.ts'

/** Commit of the last release, from which this test upgrades a service to this version. */
const LAST_RELEASE = '01ebc2237799437b8f6b0f02accc22e99b4ca682'

const ROOT = join(import.meta.dirname, '../..')

const ENVIRONMENT = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  GIT_AUTHOR_NAME: 'Someone',
  GIT_AUTHOR_EMAIL: 'someone@example.com',
  GIT_COMMITTER_NAME: 'Someone',
  GIT_COMMITTER_EMAIL: 'someone@example.com',
}

function git(folder: string, ...words: string[]): string {
  return execFileSync('git', words, { cwd: folder, env: ENVIRONMENT, encoding: 'utf8' })
}

const isInHistory =
  spawnSync('git', ['merge-base', '--is-ancestor', LAST_RELEASE, 'HEAD'], { cwd: ROOT }).status ===
  0
const skip =
  !isInHistory &&
  skipBecause(`HEAD has no ancestor ${LAST_RELEASE}, the last release: run git fetch --unshallow`)

/** Creates a repository with a branch main. Its last commit has the files of the working tree. */
function createTemplate(folder: string): string {
  const template = join(folder, 'template')
  git(folder, 'clone', '--quiet', '--shared', ROOT, template)
  git(template, 'checkout', '--quiet', '-B', 'main')
  git(template, `--work-tree=${ROOT}`, 'add', '--all')
  git(template, 'commit', '--quiet', '--allow-empty', '--message=This version')
  return template
}

/** Starts a service from the last release, with a resource and a README of its own. */
async function startService(folder: string, template: string) {
  const shop = join(folder, 'shop')
  git(folder, 'clone', '--quiet', '--shared', template, shop)
  git(shop, 'checkout', '--quiet', '-B', 'main', LAST_RELEASE)
  symlinkSync(join(ROOT, 'node_modules'), join(shop, 'node_modules'))
  t.match(await eject(shop, 'shop'), { code: 0 })
  const files = writeBlocks(shop, readFileSync(join(shop, 'docs/extending.md'), 'utf8'))
  writeFileSync(join(shop, 'README.md'), '# A shop\n')
  git(shop, 'add', '--all')
  git(shop, 'commit', '--quiet', '--message=Sell books')
  return { shop, tests: files.filter((file) => file.endsWith('.test.ts')) }
}

/** The shell scripts of docs/upgrading.md. The packages are installed already, and the test itself runs the checks. */
const [NAME = '', MERGE = '', FINISH = ''] = fencedBlocks(
  readFileSync(join(ROOT, 'docs/upgrading.md'), 'utf8'),
).map(({ lines }) => lines.filter((line) => !/^npm (?:ci|run check)$/.test(line)).join('\n'))

t.setTimeout(300_000)

t.test(
  'a service of the last release is upgraded as docs/upgrading.md says, and passes its tests',
  { skip },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'upgrade-'))
    t.teardown(() => rmSync(folder, { recursive: true }))
    const template = createTemplate(folder)
    const { shop, tests } = await startService(folder, template)
    const run = (script: string) => {
      const options = { cwd: shop, env: ENVIRONMENT, encoding: 'utf8' } as const
      const { status, stdout, stderr } = spawnSync('bash', ['-ec', script], options)
      return { status, output: stdout + stderr }
    }
    t.match(run(NAME.replace('TEMPLATE', template)), { status: 0 })
    t.match(run(MERGE), { status: 1, output: /^CONFLICT \(content\): .* README\.md$/m })
    t.match(run(FINISH), { status: 0 })
    t.equal(git(shop, 'status', '--porcelain'), '')
    t.equal(readFileSync(join(shop, 'README.md'), 'utf8'), '# A shop\n')
    await expectSuccess(t, shop, 'biome', 'check', '--error-on-warnings')
    await expectTypes(t, shop)
    const own = [...tests, 'test/client/client.test.ts', 'test/plugins/openapi/index.test.ts']
    await expectSuccess(t, shop, 'tap', '--disable-coverage', '--reporter=tap', ...own)
  },
)
