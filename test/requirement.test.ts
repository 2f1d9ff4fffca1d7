import t from 'tap'
import { skipBecause } from './requirement.ts'

t.test('a requirement that is not met skips a test outside of CI', async (t) => {
  t.equal(skipBecause('this test needs nginx', {}), 'SKIPPED: this test needs nginx')
})

t.test('a requirement that is not met fails a test in CI', async (t) => {
  t.throws(() => skipBecause('this test needs nginx', { CI: 'true' }), {
    message: 'this test needs nginx; in CI no test is skipped',
  })
})
