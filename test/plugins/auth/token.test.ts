import t from 'tap'
import {
  createToken,
  digestToken,
  isTokenDigest,
  verifyToken,
} from '../../../plugins/auth/token.ts'

t.test('createToken() returns a different 256-bit token on each call', async (t) => {
  const tokens = Array.from({ length: 100 }, createToken)
  for (const token of tokens) t.match(token, /^[\w-]{43}$/)
  t.equal(new Set(tokens).size, tokens.length)
})

t.test('digestToken() returns the SHA-256 digest (FIPS 180-4)', async (t) => {
  t.equal(digestToken('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

for (const token of [createToken(), 'secret-token', '', 'é']) {
  t.test(`a digest verifies the token ${JSON.stringify(token)} and no other token`, async (t) => {
    const digest = digestToken(token)
    t.ok(isTokenDigest(digest))
    t.equal(verifyToken(token, digest), true)
    for (const other of [`${token}x`, ` ${token}`, digest, createToken()]) {
      t.equal(verifyToken(other, digest), false, `not ${JSON.stringify(other)}`)
    }
  })
}

for (const text of [
  '',
  'secret-token',
  'a'.repeat(63),
  'a'.repeat(65),
  'A'.repeat(64),
  'g'.repeat(64),
  `${'a'.repeat(64)}\n`,
  ` ${'a'.repeat(64)}`,
]) {
  t.test(`${JSON.stringify(text)} is not a token digest`, async (t) => {
    t.equal(isTokenDigest(text), false)
  })
}
