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

t.test('where something is not committed, nothing is touched', async (t) => {
  writeFileSync(join(clone, 'note.txt'), '')
  const { code, output } = await eject(clone)
  t.equal(code, 1)
  t.match(output, 'commit or stash your changes first, so that nothing is lost:\n?? note.txt')
  t.equal(git(clone, 'status', '--porcelain'), '?? note.txt\n')
  commit(clone)
})

t.test('the samples leave the service, and what is left holds together', async (t) => {
  const { code, output } = await eject(clone)
  if (!t.equal(code, 0)) t.comment(output)
  for (const name of ROUTES) t.notOk(existsSync(join(clone, 'routes', name)), name)
  const imports = listImports(clone, ['src', 'plugins', 'routes'])
  t.strictSame(
    imports.filter(({ to }) => to.startsWith('test/')),
    [],
    'the service needs nothing of its tests',
  )
  t.strictSame(deadLinks(), [])
  t.strictSame(mentions(), [])
  const { scripts } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'))
  t.notOk('eject' in scripts, 'it cannot be done twice')
  commit(clone)
})

t.test('it answers what every service does, and nothing of the samples', async (t) => {
  const { url } = await startProcess(t, [join(clone, 'src/start.js')])
  const ask = async (path: string, accept = '*/*') => {
    const reply = await fetch(url + path, { headers: { accept } })
    return { status: reply.status, body: await reply.text() }
  }
  t.match(await ask('/'), { status: 200, body: 'Welcome' })
  t.match(await ask('/health/ready'), { status: 200, body: 'ready\n' })
  for (const path of ['/nothing', ...ROUTES.map((name) => `/${name}`)]) {
    const message = `Not Found: ${url}${path}`
    t.strictSame(await ask(path), { status: 404, body: JSON.stringify({ status: 404, message }) })
  }
  t.equal((await ask('/', 'image/png')).status, 406)
})

t.test('it is well-formed, and takes the resource of docs/extending.md', async (t) => {
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

/** Documents that speak of a sample's path. That of the cases in test/wire does: they have the samples. */
function mentions(): string[] {
  const documents = globSync(['*.md', 'docs/*', 'deploy/**/*.*'], { cwd: clone })
  return documents
    .filter((document) => document !== 'docs/http.md')
    .filter((document) => MENTION.test(readFileSync(join(clone, document), 'utf8')))
}

const MENTION = new RegExp(`[ \`(]/(?:${ROUTES.join('|')})\\b|tutorial\\.md`)

/** Links of documents to files that are not there. */
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
