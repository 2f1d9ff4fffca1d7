import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  cloneProject,
  expectCovered,
  expectSuccess,
  expectTypes,
  runScript,
  writeBlocks,
} from '../docs/clone.ts'

const DOCUMENT = join(import.meta.dirname, '../../docs/extending.md')

t.setTimeout(300_000)

t.test(
  'the code of docs/extending.md passes lint, the type check and its tests, with full coverage',
  async (t) => {
    const clone = await cloneProject(t)
    const files = writeBlocks(clone, readFileSync(DOCUMENT, 'utf8'))
    const isTest = (file: string) => file.endsWith('.test.ts')
    t.ok(files.some(isTest), 'the document has tests')

    t.equal((await runScript(clone, 'test/openapi/write-openapi.ts')).code, 0)
    await expectSuccess(t, clone, 'biome', 'check', '--error-on-warnings')
    await expectTypes(t, clone)
    const tests = [...files.filter(isTest), ...GENERAL_TESTS]
    const covered = files.filter((file) => !isTest(file))
    await expectCovered(t, clone, tests, covered)
  },
)

/** Tests of the project that must also pass with a new resource. */
const GENERAL_TESTS = ['test/plugins/openapi/index.test.ts', 'test/seeds.test.ts']
