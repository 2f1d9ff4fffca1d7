import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { expectSuccess, expectTypes, runProgram, succeed, writeBlocks } from '../docs/clone.ts'
import { fencedBlocks } from '../docs/console.ts'
import { LAST_RELEASE, skipWithout } from '../release.ts'
import { commitAll, eject, git } from './ejected.ts'

t.setTimeout(10 * 60_000) // ejects two clones

const ROOT = join(import.meta.dirname, '../..')
/** Files that the commands of the page restore or generate after the merge. */
const REGENERATED = ['README.md', 'CHANGELOG.md', 'docs/openapi.yaml', 'client/openapi.d.ts']
const OWN_README = '# A shop\n'
const OWN_TEST = 'test/routes/planets/index.test.ts'

/** Scripts of docs/upgrading.md. The packages of this version are installed already, and the test runs the checks itself. */
const [NAME = '', MERGE = '', FINISH = '', RECORD = ''] = fencedBlocks(
  readFileSync(join(ROOT, 'docs/upgrading.md'), 'utf8'),
).map(({ lines }) => lines.filter((line) => !/^npm (?:ci|run check)$/.test(line)).join('\n'))

/** Clones a repository, and checks a revision out as the branch main. */
function clone(source: string, folder: string, revision: string) {
  git(ROOT, 'clone', '--quiet', '--shared', '--no-checkout', source, folder)
  git(folder, 'checkout', '--quiet', '-B', 'main', revision)
  git(folder, 'config', 'user.name', 'Someone')
  git(folder, 'config', 'user.email', 'someone@example.com')
}

/** Creates a repository of the template whose last commit has the files of the working tree. */
function createTemplate(folder: string): string {
  const template = join(folder, 'template')
  clone(ROOT, template, 'HEAD')
  git(template, `--work-tree=${ROOT}`, 'add', '--all')
  git(template, 'commit', '--quiet', '--allow-empty', '--message=A later version')
  return template
}

/** Starts a service from a release of the template, with the resource of its README, a test and a README of its own. */
async function startService(folder: string, template: string, revision: string): Promise<string> {
  const shop = join(folder, 'shop')
  clone(template, shop, revision)
  const readme = readFileSync(join(shop, 'README.md'), 'utf8')
  const modules = join(shop, 'node_modules')
  // The release may need packages that this version does not have.
  await succeed(runProgram(shop, 'npm', 'ci', '--ignore-scripts'))
  await succeed(eject(shop, 'shop'))
  rmSync(modules, { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), modules)
  writeBlocks(shop, readme)
  mkdirSync(join(shop, OWN_TEST, '..'), { recursive: true })
  writeFileSync(
    join(shop, OWN_TEST),
    `import t from 'tap'
import { build } from '../../app.ts'

t.test('returns a planet', async (t) => {
  const app = await build(t)
  t.same((await app.inject('/planets/4')).json(), { id: 4, name: 'Mars' })
})
`,
  )
  writeFileSync(join(shop, 'README.md'), OWN_README)
  commitAll(shop)
  return shop
}

function createFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'upgrade-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  return folder
}

const skip = skipWithout(LAST_RELEASE)
const revision = String(LAST_RELEASE?.revision)

t.test(
  'a service of the last release takes this version as docs/upgrading.md says, and passes its checks',
  { skip },
  async (t) => {
    const folder = createFolder(t)
    const template = createTemplate(folder)
    const shop = await startService(folder, template, revision)
    const run = (script: string) => runProgram(shop, 'bash', '-ec', script)
    t.match(await run(NAME.replace('TEMPLATE', template)), { code: 0 })
    t.match(await run(MERGE), { code: 1, output: /^CONFLICT \(content\): .* README\.md$/m })
    // The service has changed no other file than README.md, so the rest of the conflicts are in lines beside its name.
    for (const file of git(shop, 'diff', '--name-only', '--diff-filter=U').split('\n')) {
      if (file && !REGENERATED.includes(file))
        git(shop, 'checkout', '--quiet', 'upgrade', '--', file)
    }
    t.match(await run(FINISH), { code: 0 })
    t.equal(git(shop, 'status', '--porcelain'), '')
    t.match(git(shop, 'log', '-1', '--format=%p'), / /, 'the last commit is a merge')
    const read = (file: string) => readFileSync(join(shop, file), 'utf8')
    t.equal(read('README.md'), OWN_README)
    for (const file of ['docs/openapi.yaml', 'client/openapi.d.ts']) {
      t.match(read(file), '/planets/{planetId}', file)
    }
    await expectSuccess(t, shop, 'biome', 'check', '--error-on-warnings')
    await expectTypes(t, shop)
    await expectSuccess(t, shop, 'tap', '--disable-coverage', '--reporter=tap', OWN_TEST)
  },
)

t.test('a service with a history of its own records the commit that it started from', async (t) => {
  const shop = join(createFolder(t), 'shop')
  clone(ROOT, shop, 'HEAD')
  const origin = git(shop, 'rev-parse', 'HEAD')
  git(shop, 'checkout', '--quiet', '--orphan', 'new')
  writeFileSync(join(shop, 'README.md'), OWN_README)
  commitAll(shop)
  t.throws(() => git(shop, 'merge-base', 'new', origin.trim()))
  t.match(await runProgram(shop, 'bash', '-ec', RECORD.replace('COMMIT', origin)), { code: 0 })
  t.equal(git(shop, 'merge-base', 'new', origin.trim()), origin)
  t.equal(readFileSync(join(shop, 'README.md'), 'utf8'), OWN_README)
})

t.test('a new resource that resembles a deleted sample merges without a conflict', async (t) => {
  const shop = createFolder(t)
  git(shop, 'init', '--quiet', '--initial-branch=main')
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`)
  const commit = (file: string, last: string) => {
    writeFileSync(join(shop, file), [...lines, last, last, last].join('\n'))
    commitAll(shop)
  }
  git(shop, 'config', 'user.name', 'Someone')
  git(shop, 'config', 'user.email', 'someone@example.com')
  commit('sample.ts', 'sample')
  git(shop, 'switch', '--quiet', '--create', 'upgrade')
  rmSync(join(shop, 'sample.ts'))
  commitAll(shop)
  git(shop, 'switch', '--quiet', 'main')
  rmSync(join(shop, 'sample.ts'))
  commit('own.ts', 'own')
  const merge = MERGE.split('\n').at(-1) ?? ''
  t.match(await runProgram(shop, 'bash', '-ec', merge), { code: 0 })
  t.match(git(shop, 'ls-files'), /^own\.ts/m)
})
