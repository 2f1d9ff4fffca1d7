import { globSync } from 'node:fs'
import t from 'tap'
import { expectSuccess } from '../docs/clone.ts'
import { commitClone, eject } from '../eject/ejected.ts'

/** With EJECT=all the whole suite runs, and asks for all code to be covered; it takes as long as npm test. */
const isWhole = process.env.EJECT === 'all'

/** What is most likely to miss the samples. */
const TESTS = 'test/{openapi,plugins,routes}/*.test.ts'

/** How long the tests may take, in milliseconds, on a machine that is busy with others. */
const PATIENCE = isWhole ? 3_600_000 : 900_000

t.setTimeout(PATIENCE)

t.test('who ejects has green tests', async (t) => {
  t.setTimeout(PATIENCE)
  const clone = await commitClone(t)
  t.equal((await eject(clone)).code, 0)
  const files = globSync(TESTS, { cwd: clone })
  t.ok(files.length > 30, `${files.length} files`)
  const some = ['--disable-coverage', ...files]
  await expectSuccess(t, clone, 'tap', '--reporter=tap', ...(isWhole ? [] : some))
})
