import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cloneProject, expectSuccess, expectTypes, writeBlocks } from '../docs/clone.ts'
import { FAST_START, startProcess } from '../server.ts'
import { commitAll, eject, git } from './ejected.ts'
import { REMOVED, SAMPLES, SCRIPTS } from './removed.ts'

// These tests are quick. `npm run check:ejected` runs all tests of an ejected clone.

t.setTimeout(300_000)

const clone = await cloneProject(t)
const read = (file: string) => readFileSync(join(clone, file), 'utf8')
commitAll(clone)

t.test('eject refuses to run if there are uncommitted changes', async (t) => {
  writeFileSync(join(clone, 'note.txt'), '')
  const { code, output } = await eject(clone, 'shop')
  t.equal(code, 1)
  t.match(output, 'commit or stash your changes first, so that nothing is lost:\n?? note.txt')
  t.equal(git(clone, 'status', '--porcelain'), '?? note.txt\n')
  commitAll(clone)
})

for (const name of ['', 'Shop', 'a', 'my_shop', 'shop-', '1shop', 'a'.repeat(64)]) {
  t.test(`eject refuses the name "${name}", and changes nothing`, async (t) => {
    const { code, output } = await eject(clone, name)
    t.equal(code, 1)
    t.match(output, `eject: the name "${name}" does not fit.\nnpm run eject -- NAME takes`)
    t.equal(git(clone, 'status', '--porcelain'), '')
  })
}

t.test('eject deletes the samples, and no document mentions them any more', async (t) => {
  const paths = REMOVED.filter((path) => !existsSync(join(clone, path)))
  t.strictSame(paths, [], 'every path that eject deletes exists before eject runs')
  const { code, output } = await eject(clone, 'shop')
  if (!t.equal(code, 0)) t.comment(output)
  for (const path of REMOVED) t.notOk(existsSync(join(clone, path)), path)
  const documents = globSync(['*.md', '.env.example', 'docs/*', 'deploy/**/*.*'], { cwd: clone })
  t.strictSame(
    documents.filter((document) => MENTION.test(read(document))),
    [],
  )
  const { scripts } = JSON.parse(read('package.json'))
  for (const script of SCRIPTS) t.notOk(script in scripts, script)
  commitAll(clone)
})

t.test('eject renames the project everywhere except in the license', async (t) => {
  const files = git(clone, 'grep', '--name-only', 'restful-web-api')
  t.equal(files, 'LICENSE\n')
  t.equal(JSON.parse(read('package.json')).name, 'shop')
  t.match(read('docs/openapi.yaml'), 'title: shop')
})

t.test(
  'the ejected service has the common routes, and returns 404 for the routes of the samples',
  async (t) => {
    const { url } = await startProcess(t, [join(clone, 'src/start.js')], FAST_START)
    const get = async (path: string) => {
      const reply = await fetch(url + path)
      return { status: reply.status, body: await reply.text() }
    }
    t.match(await get('/'), { status: 200, body: 'Welcome' })
    t.match(await get('/health/ready'), { status: 200, body: 'ready\n' })
    for (const name of SAMPLES) t.equal((await get(`/${name}`)).status, 404, name)
  },
)

t.test(
  'the ejected project passes lint and the type check, also with the resource of docs/extending.md',
  async (t) => {
    const check = async () => {
      await expectSuccess(t, clone, 'biome', 'check', '--error-on-warnings')
      await expectTypes(t, clone)
    }
    await check()
    const files = writeBlocks(clone, read('docs/extending.md'))
    t.ok(files.includes('routes/books/index.ts'))
    await check()
    const tests = ['test/docs/links.test.ts', ...files.filter((file) => file.endsWith('.test.ts'))]
    await expectSuccess(t, clone, 'tap', '--disable-coverage', '--reporter=tap', ...tests)
  },
)

/** Matches the path of a sample, or the name of a deleted document. */
const MENTION = new RegExp(`[ \`(]/(?:${SAMPLES.join('|')})\\b|tutorial\\.md|\\barticles?\\b`)
