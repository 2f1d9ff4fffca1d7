import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { expectSuccess, writeBlocks } from '../docs/clone.ts'
import { listImports } from '../docs/imports.ts'
import { startProcess } from '../server.ts'
import { commit, commitClone, eject, git } from './ejected.ts'
import { ROUTES } from './samples.ts'

t.setTimeout(300_000)

const clone = await commitClone(t)

t.test('refuses to run with uncommitted changes', async (t) => {
  writeFileSync(join(clone, 'note.txt'), '')
  const { code, output } = await eject(clone)
  t.equal(code, 1)
  t.match(output, 'commit or stash your changes first, so that nothing is lost:\n?? note.txt')
  t.equal(git(clone, 'status', '--porcelain'), '?? note.txt\n')
  commit(clone)
})

t.test('removes the samples; no import, link or mention of them is left', async (t) => {
  const { code, output } = await eject(clone)
  if (!t.equal(code, 0)) t.comment(output)
  for (const name of ROUTES) t.notOk(existsSync(join(clone, 'routes', name)), name)
  const imports = listImports(clone, ['src', 'plugins', 'routes'])
  t.strictSame(
    imports.filter(({ to }) => to.startsWith('test/')),
    [],
    'the service imports nothing from its tests',
  )
  t.strictSame(deadLinks(), [])
  t.strictSame(mentions(), [])
  const { scripts } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'))
  t.notOk('eject' in scripts, 'the script removes itself')
  commit(clone)
})

t.test(
  'the new service has the common routes and returns 404 for those of the samples',
  async (t) => {
    const { url } = await startProcess(t, [join(clone, 'src/start.js')])
    const get = async (path: string, accept = '*/*') => {
      const reply = await fetch(url + path, { headers: { accept } })
      return { status: reply.status, body: await reply.text() }
    }
    t.match(await get('/'), { status: 200, body: 'Welcome' })
    t.match(await get('/health/ready'), { status: 200, body: 'ready\n' })
    for (const path of ['/nothing', ...ROUTES.map((name) => `/${name}`)]) {
      const message = `Not Found: ${url}${path}`
      t.strictSame(await get(path), { status: 404, body: JSON.stringify({ status: 404, message }) })
    }
    t.equal((await get('/', 'image/png')).status, 406)
  },
)

t.test('passes lint and types, also with the resource of docs/extending.md', async (t) => {
  await expectSuccess(t, clone, 'biome', 'check', '--error-on-warnings')
  await expectSuccess(t, clone, 'tsc')
  const document = readFileSync(join(clone, 'docs/extending.md'), 'utf8')
  const files = writeBlocks(clone, document)
  t.ok(files.includes('routes/books/index.ts'))
  await expectSuccess(t, clone, 'biome', 'check', '--error-on-warnings')
  await expectSuccess(t, clone, 'tsc')
  const tests = files.filter((file) => file.endsWith('.test.ts'))
  await expectSuccess(t, clone, 'tap', '--disable-coverage', '--reporter=tap', ...tests)
})

/** Returns the documents that mention a sample. docs/http.md may: its cases are of test/wire, with the samples. */
function mentions(): string[] {
  const documents = globSync(['*.md', 'docs/*', 'deploy/**/*.*'], { cwd: clone })
  return documents
    .filter((document) => document !== 'docs/http.md')
    .filter((document) => MENTION.test(readFileSync(join(clone, document), 'utf8')))
}

const MENTION = new RegExp(`[ \`(]/(?:${ROUTES.join('|')})\\b|tutorial\\.md`)

/** Returns the links of documents to missing files. */
function deadLinks(): string[] {
  const documents = globSync(['*.md', 'docs/*.md'], { cwd: clone })
  return documents.flatMap((document) => {
    const text = readFileSync(join(clone, document), 'utf8')
    return [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)]
      .map(([, link = '']) => join(dirname(document), link))
      .filter((file) => !existsSync(join(clone, file)))
      .map((file) => `${document}: ${file}`)
  })
}
