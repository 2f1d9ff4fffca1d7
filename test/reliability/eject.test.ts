import t from 'tap'
import { expectSuccess } from '../docs/clone.ts'
import { commitClone, eject } from '../eject/ejected.ts'

/** How long all of the tests may take, in milliseconds, on a machine that is busy with others. */
const PATIENCE = 3_600_000

t.setTimeout(PATIENCE)

t.test('who ejects has green tests, which cover all code', async (t) => {
  t.setTimeout(PATIENCE)
  const clone = await commitClone(t)
  t.equal((await eject(clone)).code, 0)
  await expectSuccess(t, clone, 'tap', '--reporter=tap')
})
