import t from 'tap'
import { skipBecause } from './requirement.ts'

t.test('outside CI, skipBecause() returns the reason to skip a test', async (t) => {
  t.equal(skipBecause('this test needs nginx', {}), 'SKIPPED: this test needs nginx')
})

t.test('in CI, skipBecause() throws, so that the test fails', async (t) => {
  t.throws(() => skipBecause('this test needs nginx', { CI: 'true' }), {
    message: 'this test needs nginx; in CI no test is skipped',
  })
})
