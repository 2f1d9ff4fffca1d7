import t from 'tap'
import { challengesOf, insufficientScope } from '../../../plugins/auth/challenge.ts'

t.test('challengesOf() returns a challenge with the realm for each scheme', async (t) => {
  t.strictSame(challengesOf('a b'), ['Basic realm="a b", charset="UTF-8"', 'Bearer realm="a b"'])
})

t.test('insufficientScope() names the missing scope', async (t) => {
  const expected = 'Bearer realm="r", error="insufficient_scope", scope="write"'
  t.equal(insufficientScope('r', 'write'), expected)
})
