import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { cloneProject, expectSuccess, expectTypes, runScript, writeBlocks } from '../docs/clone.ts'

const DOCUMENT = join(import.meta.dirname, '../../docs/extending.md')

t.setTimeout(300_000)

t.test(
  'the code of docs/extending.md passes lint, the type check and its tests, with full coverage',
  async (t) => {
    const clone = await cloneProject(t)
    const files = writeBlocks(clone, readFileSync(DOCUMENT, 'utf8'))
    const isTest = (file: string) => file.endsWith('.test.ts')
    t.ok(files.some(isTest), 'the document has tests')

    const coverage = ['--coverage-report=json-summary', '--allow-incomplete-coverage']
    t.equal((await runScript(clone, 'test/openapi/write-openapi.ts')).code, 0)
    await expectSuccess(t, clone, 'biome', 'check', '--error-on-warnings')
    await expectTypes(t, clone)
    const tests = [...files.filter(isTest), ...GENERAL_TESTS]
    await expectSuccess(t, clone, 'tap', '--reporter=tap', ...coverage, ...tests)
    const report = JSON.parse(
      readFileSync(join(clone, '.tap/report/coverage-summary.json'), 'utf8'),
    )
    for (const file of files.filter((file) => !isTest(file))) {
      const { lines, branches, functions } = Object(report[join(clone, file)])
      t.match({ lines, branches, functions }, COMPLETE, `the tests cover ${file}`)
    }
  },
)

/** Tests of the project that must also pass with a new resource. */
const GENERAL_TESTS = ['test/plugins/openapi/index.test.ts', 'test/seeds.test.ts']

/** The coverage that `npm test` requires. */
const COMPLETE = { lines: { pct: 100 }, branches: { pct: 100 }, functions: { pct: 100 } }
