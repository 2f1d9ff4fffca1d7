import t from 'tap'
import { challengesFor, challengesOf, insufficientScope } from '../../../plugins/auth/challenge.ts'
import { SCHEMES } from '../../../src/http/authentication-schemes.ts'

t.test('challengesOf() returns a challenge with the realm for each scheme', async (t) => {
  t.strictSame(challengesOf('a b', SCHEMES), [
    'Basic realm="a b", charset="UTF-8"',
    'Bearer realm="a b"',
  ])
})

const FIELDS: [authorization: string, hasError: boolean][] = [
  ['', false],
  ['Basic YTpi', false],
  ['Bearers x', false],
  ['Bearer', true],
  ['bearer x', true],
  ['Bearer x y', true],
]

for (const [authorization, hasError] of FIELDS) {
  t.test(
    `challengesFor() ${hasError ? 'names' : 'omits'} an error for "${authorization}"`,
    async (t) => {
      const [basic, bearer] = challengesOf('r', SCHEMES)
      const expected = hasError ? 'Bearer realm="r", error="invalid_token"' : bearer
      t.strictSame(challengesFor(challengesOf('r', SCHEMES), authorization), [basic, expected])
    },
  )
}

t.test('insufficientScope() names the missing scope', async (t) => {
  const expected = 'Bearer realm="r", error="insufficient_scope", scope="write"'
  t.equal(insufficientScope('r', SCHEMES, 'write'), expected)
  t.equal(insufficientScope('r', ['Basic'], 'write'), '', 'Basic has no error codes')
})
