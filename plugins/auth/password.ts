import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const deriveKey = promisify(argon2)

/** argon2id with 19 MiB, two passes and one lane: the least that OWASP's password storage sheet asks. */
const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const SALT_OCTETS = 16
const KEY_OCTETS = 32

/** The PHC string format: $argon2id$v=19$m=19456,t=2,p=1$salt$key, in base64 without padding. */
const PHC =
  /^\$argon2id\$v=19\$m=(?<m>[1-9]\d{0,6}),t=(?<t>[1-9]\d?),p=(?<p>[1-9]\d?)\$(?<salt>[\w+/]{11,86})\$(?<key>[\w+/]{22,86})$/

/** The most memory that a check may take: a hash is configuration, and a slip in it costs every login. */
const MEMORY_LIMIT_KIB = 1_048_576

/** Whether the text is a hash that `verifyPassword` can check (RFC 9106 §3.1 has the least memory). */
export function isPasswordHash(text: string): boolean {
  const { m, p } = PHC.exec(text)?.groups ?? {}
  return Number(m) >= 8 * Number(p) && Number(m) <= MEMORY_LIMIT_KIB
}

/** Hashes a password (RFC 9106) with a salt of its own, into a PHC string. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_OCTETS)
  const key = await derive(password, salt, {
    m: MEMORY_KIB,
    t: PASSES,
    p: LANES,
    octets: KEY_OCTETS,
  })
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${unpadded(salt)}$${unpadded(key)}`
}

/** Whether the password is the one that was hashed. The comparison takes constant time. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const fields = PHC.exec(hash)?.groups as
    | Record<'m' | 't' | 'p' | 'salt' | 'key', string>
    | undefined
  if (!fields) throw new TypeError('not an argon2id hash in PHC format')
  const expected = Buffer.from(fields.key, 'base64')
  const actual = await derive(password, Buffer.from(fields.salt, 'base64'), {
    m: Number(fields.m),
    t: Number(fields.t),
    p: Number(fields.p),
    octets: expected.length,
  })
  return timingSafeEqual(actual, expected)
}

/** Runs in libuv's pool: no request waits for the key of another. */
function derive(
  password: string,
  salt: Buffer,
  { m, t, p, octets }: Record<'m' | 't' | 'p' | 'octets', number>,
) {
  return deriveKey('argon2id', {
    message: password,
    nonce: salt,
    memory: m,
    passes: t,
    parallelism: p,
    tagLength: octets,
  })
}

function unpadded(bytes: Buffer) {
  return bytes.toString('base64').replaceAll('=', '')
}
