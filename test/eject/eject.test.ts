import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cloneProject, expectSuccess, expectTypes, writeBlocks } from '../docs/clone.ts'
import { consoleExamples } from '../docs/console.ts'
import { FAST_START, startProcess } from '../server.ts'
import { findBrokenLinks } from '../template/links.ts'
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

const LONGEST = 'a'.repeat(63)
const WRONG = [
  { args: [], message: 'the name "" does not fit' },
  ...['Shop', 'a', 'my_shop', 'shop-', '1shop', `${LONGEST}a`].map((name) => ({
    args: [name],
    message: `the name "${name}" does not fit`,
  })),
  { args: ['fastify'], message: 'the name "fastify" is that of a package which the service uses' },
  { args: ['stream'], message: 'the name "stream" is that of a package which the service uses' },
  { args: ['shop', 'books'], message: 'only one name is accepted, not also books' },
  { args: ['shop', '--force'], message: "Unknown option '--force'" },
]
for (const { args, message } of WRONG) {
  t.test(`eject refuses the arguments "${args.join(' ')}", and changes nothing`, async (t) => {
    const { code, output } = await eject(clone, ...args)
    t.equal(code, 1)
    t.match(output, `eject: ${message}`)
    t.match(output, '\n\nnpm run eject -- NAME [--dry-run]\n')
    t.equal(git(clone, 'status', '--porcelain'), '')
  })
}

t.test('eject --help prints the usage, and changes nothing', async (t) => {
  const { code, output } = await eject(clone, 'shop', '--help')
  t.equal(code, 0)
  t.match(output, /^npm run eject -- NAME .*2 to 63 .*--dry-run .*--help /s)
  t.equal(git(clone, 'status', '--porcelain'), '')
})

let announced = ''

t.test('eject --dry-run lists the changes, and changes nothing', async (t) => {
  const { code, output } = await eject(clone, 'shop', '--dry-run')
  t.equal(code, 0)
  t.equal(git(clone, 'status', '--porcelain'), '')
  announced = output
})

t.test('eject changes the files that --dry-run has listed, and no others', async (t) => {
  const paths = REMOVED.filter((path) => !existsSync(join(clone, path)))
  t.strictSame(paths, [], 'every path that eject deletes exists before eject runs')
  const { code, output } = await eject(clone, 'shop')
  if (!t.equal(code, 0)) t.comment(output)
  const listed = announced.split('\n').map((line) => line.trim())
  const changed = git(clone, 'diff', '--name-only', '-z', 'HEAD').split('\0').filter(Boolean)
  const isListed = (file: string) =>
    listed.some((path) => path && (file === path || file.startsWith(`${path}/`)))
  t.strictSame(
    changed.filter((file) => !isListed(file)),
    [],
  )
  t.strictSame(
    listed.filter((path) => existsSync(join(clone, path)) && !changed.includes(path)),
    [''],
  )
  const { scripts } = JSON.parse(read('package.json'))
  for (const script of SCRIPTS) {
    t.ok(listed.includes(script), script)
    t.notOk(script in scripts, script)
  }
  commitAll(clone)
})

t.test('after eject, no file except those of tests mentions a sample', async (t) => {
  const files = git(clone, 'ls-files', '-z').split('\0').filter(Boolean)
  t.strictSame(
    files.filter((file) => !/^test\/|^package-lock/.test(file) && MENTION.test(read(file))),
    [],
  )
  t.strictSame(
    files.filter((file) => REMOVED.some((path) => `${file}/`.startsWith(`${path}/`))),
    [],
  )
})

t.test('after eject, no link of a document is broken', async (t) => {
  for (const [document, links] of Object.entries(findBrokenLinks(clone))) {
    t.strictSame(links, [], document)
  }
})

t.test('eject renames the project everywhere except in the license', async (t) => {
  const files = git(clone, 'grep', '--ignore-case', '--name-only', 'restful[-_]\\?web[-_]\\?api')
  t.equal(files, 'LICENSE\n')
  t.equal(JSON.parse(read('package.json')).name, 'shop')
  t.match(read('docs/openapi.yaml'), 'title: shop')
})

t.test(
  'the ejected service responds as its README shows, and returns 404 for the routes of the samples',
  async (t) => {
    const { url } = await startProcess(t, [join(clone, 'src/start.js')], FAST_START)
    const get = async (path: string) => {
      const reply = await fetch(url + path)
      return { status: reply.status, body: await reply.text() }
    }
    for (const { command, output } of consoleExamples(read('README.md'))) {
      const reply = await get(command.replace('curl http://127.0.0.1:5000', ''))
      t.match(reply, { status: 200, body: output.trim() }, command)
    }
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
    const tests = [
      'test/client/client.test.ts',
      ...files.filter((file) => file.endsWith('.test.ts')),
    ]
    await expectSuccess(t, clone, 'tap', '--disable-coverage', '--reporter=tap', ...tests)
  },
)

/** Matches the path of a sample, or the name of a deleted document. */
const MENTION = new RegExp(`[ \`('"]/(?:${SAMPLES.join('|')})\\b|tutorial\\.md|\\barticles?\\b`)
