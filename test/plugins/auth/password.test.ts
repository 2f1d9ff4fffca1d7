import { argon2Sync } from 'node:crypto'
import t from 'tap'
import {
  hashPassword,
  isPasswordHash,
  isStrongHash,
  verifyPassword,
} from '../../../plugins/auth/password.ts'

const OWASP = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/

for (const password of ['secret', '', ' ', 'correct horse battery staple', 'Zoë😀', 'a\0b', ':']) {
  t.test(`a hash verifies ${JSON.stringify(password)} and no other password`, async (t) => {
    const hash = await hashPassword(password)
    t.match(hash, OWASP)
    t.ok(isPasswordHash(hash))
    t.equal(await verifyPassword(password, hash), true)
    for (const other of [`${password}x`, password.toUpperCase().concat('\0'), hash]) {
      t.equal(
        await verifyPassword(other, hash),
        false,
        `the hash does not verify ${JSON.stringify(other)}`,
      )
    }
  })
}

t.test('two hashes of the same password differ, and both verify the password', async (t) => {
  const [first, second] = await Promise.all([hashPassword('secret'), hashPassword('secret')])
  t.not(first, second)
  t.equal(await verifyPassword('secret', first), true)
  t.equal(await verifyPassword('secret', second), true)
})

t.test('all characters of a long password are compared', async (t) => {
  const long = 'x'.repeat(10_000)
  const hash = await hashPassword(long)
  t.equal(await verifyPassword(long, hash), true)
  t.equal(await verifyPassword(`${long.slice(1)}y`, hash), false)
})

t.test('verifyPassword() uses the costs and lengths in the hash', async (t) => {
  const salt = Buffer.from('saltsalt')
  const costs = { memory: 64, passes: 3, parallelism: 4 }
  const key = argon2Sync('argon2id', { message: 'secret', nonce: salt, tagLength: 24, ...costs })
  const hash = `$argon2id$v=19$m=64,t=3,p=4$${base64(salt)}$${base64(key)}`
  t.equal(await verifyPassword('secret', hash), true)
  t.equal(await verifyPassword('secret', hash.replace('t=3', 't=2')), false)
})

for (const [title, cost, salt, key] of [
  ['minimum', 'm=8,t=1,p=1', 11, 22],
  ['maximum', 'm=1048576,t=99,p=99', 86, 86],
] as const) {
  t.test(`a hash with the ${title} costs and lengths is accepted`, async (t) => {
    const hash = (salt: number, key: number) =>
      `$argon2id$v=19$${cost}$${'A'.repeat(salt)}$${'A'.repeat(key)}`
    t.equal(isPasswordHash(hash(salt, key)), true)
    const past = title === 'minimum' ? -1 : 1
    t.equal(
      isPasswordHash(hash(salt + past, key)),
      false,
      'a salt outside of the allowed lengths is refused',
    )
    t.equal(
      isPasswordHash(hash(salt, key + past)),
      false,
      'a key outside of the allowed lengths is refused',
    )
  })
}

for (const cost of ['m=8,t=1,p=1', 'm=8,t=99,p=1', 'm=792,t=1,p=99', 'm=795,t=2,p=99']) {
  for (const [salt, key] of [
    [11, 22],
    [12, 23],
    [13, 25],
    [86, 86],
  ] as const) {
    t.test(
      `a hash with ${cost}, a salt of ${salt} and a key of ${key} can be checked`,
      async (t) => {
        const hash = `$argon2id$v=19$${cost}$${'_'.repeat(salt)}$${'A'.repeat(key)}`
        t.equal(isPasswordHash(hash), true)
        t.equal(await verifyPassword('secret', hash), false)
      },
    )
  }
}

for (const cost of ['m=7,t=1,p=1', 'm=15,t=1,p=2', 'm=791,t=1,p=99', 'm=1048577,t=1,p=1']) {
  t.test(`a hash with ${cost} is refused`, async (t) => {
    t.equal(isPasswordHash(`$argon2id$v=19$${cost}$${SALT}$${KEY}`), false)
  })
}

const STRENGTHS: [costs: string, isStrong: boolean][] = [
  ['m=47104,t=1,p=1', true],
  ['m=47103,t=1,p=1', false],
  ['m=19456,t=2,p=1', true],
  ['m=19455,t=2,p=1', false],
  ['m=12288,t=3,p=1', true],
  ['m=9216,t=4,p=1', true],
  ['m=9215,t=4,p=1', false],
  ['m=7168,t=5,p=1', true],
  ['m=7168,t=99,p=1', true],
  ['m=7167,t=99,p=1', false],
  ['m=65536,t=3,p=4', true],
  ['m=8,t=1,p=1', false],
]

for (const [costs, isStrong] of STRENGTHS) {
  t.test(
    `a hash with ${costs} ${isStrong ? 'reaches' : 'misses'} the minimum of OWASP`,
    async (t) => {
      t.equal(isStrongHash(`$argon2id$v=19$${costs}$${SALT}$${KEY}`), isStrong)
    },
  )
}

t.test('a text that is not a hash is not a strong hash', async (t) => {
  t.equal(isStrongHash('secret'), false)
})

const SALT = 'c29tZXNhbHQ'
const KEY = 'A'.repeat(43)
const NO_HASHES = [
  '',
  'secret',
  '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
  `$argon2i$v=19$m=19456,t=2,p=1$${SALT}$${KEY}`,
  `$argon2d$v=19$m=19456,t=2,p=1$${SALT}$${KEY}`,
  `$argon2id$v=16$m=19456,t=2,p=1$${SALT}$${KEY}`,
  `$argon2id$m=19456,t=2,p=1$${SALT}$${KEY}`,
  `$argon2id$v=19$t=2,m=19456,p=1$${SALT}$${KEY}`,
  `$argon2id$v=19$m=0,t=2,p=1$${SALT}$${KEY}`,
  `$argon2id$v=19$m=19456,t=0,p=1$${SALT}$${KEY}`,
  `$argon2id$v=19$m=19456,t=2,p=0$${SALT}$${KEY}`,
  `$argon2id$v=19$m=99999999,t=2,p=1$${SALT}$${KEY}`,
  `$argon2id$v=19$m=19456,t=2,p=1$${SALT}`,
  `$argon2id$v=19$m=19456,t=2,p=1$$${KEY}`,
  `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$`,
  `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${KEY}=`,
  `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${KEY}$`,
  ` $argon2id$v=19$m=19456,t=2,p=1$${SALT}$${KEY}`,
  `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${KEY}\n`,
]

for (const text of NO_HASHES) {
  t.test(`${JSON.stringify(text)} is not a valid password hash`, async (t) => {
    t.equal(isPasswordHash(text), false)
    await t.rejects(
      verifyPassword('secret', text),
      new TypeError('not an argon2id hash in PHC format'),
    )
  })
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
