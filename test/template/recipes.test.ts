import { cpSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import {
  cloneProject,
  expectSuccess,
  expectTypes,
  runProgram,
  runScript,
  writeBlocks,
} from '../docs/clone.ts'
import { fencedBlocks } from '../docs/console.ts'

const DOCS = join(import.meta.dirname, '../../docs')
const PAGES = globSync('recipes/*.md', { cwd: DOCS }).sort()

t.setTimeout(300_000)

t.test('each page of docs/recipes has at most 80 lines, and names its test', async (t) => {
  t.ok(PAGES.length > 0)
  for (const page of PAGES) {
    const text = readFileSync(join(DOCS, page), 'utf8')
    t.ok(text.split('\n').length <= 81, `${page} has at most 80 lines`)
    const name = `${basename(page, '.md')}.test.ts`
    t.match(text, `](${name})`, `${page} names ${name}`)
  }
})

t.test('the code of all recipes passes lint, the type check and its tests', async (t) => {
  const clone = await cloneProject(t)
  const texts = ['extending.md', ...PAGES].map((page) => readFileSync(join(DOCS, page), 'utf8'))
  for (const text of texts) writeBlocks(clone, text)
  for (const command of texts.slice(1).flatMap(commandsOf)) {
    const { code, output } = await runProgram(clone, 'bash', '-c', command)
    if (!t.equal(code, 0, command)) t.comment(output)
  }
  const tests = PAGES.map((page) => `recipes/${basename(page, '.md')}.test.ts`)
  for (const test of tests) cpSync(join(DOCS, test), join(clone, 'test', test))
  t.equal((await runScript(clone, 'test/openapi/write-openapi.ts')).code, 0)
  await expectSuccess(t, clone, 'biome', 'check', '--error-on-warnings')
  await expectTypes(t, clone)
  const files = tests.map((test) => `test/${test}`)
  await expectSuccess(t, clone, 'tap', '--reporter=tap', '--disable-coverage', ...files)
})

/** Returns the commands of a page that write resources. */
function commandsOf(markdown: string): string[] {
  const lines = fencedBlocks(markdown).flatMap(({ language, lines }) =>
    language === 'sh' ? lines : [],
  )
  return lines.filter((line) => line.startsWith('npm run new '))
}
