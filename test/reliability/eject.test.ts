import { globSync } from 'node:fs'
import t from 'tap'
import { expectSuccess } from '../docs/clone.ts'
import { commitClone, eject } from '../eject/ejected.ts'

/** EJECT=all runs the whole suite with its coverage limits, which takes as long as npm test. */
const isWhole = process.env.EJECT === 'all'

/** The tests that most likely depend on the samples; the parts of plugins have tests without an app. */
const TESTS = ['test/{openapi,plugins,routes}/*.test.ts', 'test/plugins/*/index.test.ts']

/** Generous, for a machine under load. */
const TIMEOUT_MS = isWhole ? 3_600_000 : 900_000

t.setTimeout(TIMEOUT_MS)

t.test('the tests succeed after npm run eject', async (t) => {
  t.setTimeout(TIMEOUT_MS)
  const clone = await commitClone(t)
  t.equal((await eject(clone)).code, 0)
  const files = globSync(TESTS, { cwd: clone })
  t.ok(files.length > 30, `${files.length} files`)
  const quick = ['--disable-coverage', ...files]
  await expectSuccess(t, clone, 'tap', '--reporter=tap', ...(isWhole ? [] : quick))
})
