/** Password hashes: argon2id (RFC 9106) in the PHC string format. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const deriveKey = promisify(argon2)

/** Cost parameters of new hashes: the minimum that OWASP's password storage cheat sheet recommends. */
const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const SALT_BYTES = 16
const KEY_BYTES = 32

/** PHC string: $argon2id$v=19$m=19456,t=2,p=1$salt$key, in base64 without padding. */
const PHC =
  /^\$argon2id\$v=19\$m=(?<m>[1-9]\d{0,6}),t=(?<t>[1-9]\d?),p=(?<p>[1-9]\d?)\$(?<salt>[\w+/]{11,86})\$(?<key>[\w+/]{22,86})$/

/**
 * Maximum memory cost of a configured hash. Each login allocates as much memory as the hash states, so a typo could
 * exhaust the memory.
 */
const MAX_MEMORY_KIB = 1_048_576

/** Returns true for a hash that `verifyPassword` can check. RFC 9106 §3.1 defines the minimum memory. */
export function isPasswordHash(text: string): boolean {
  const { m, p } = PHC.exec(text)?.groups ?? {}
  return Number(m) >= 8 * Number(p) && Number(m) <= MAX_MEMORY_KIB
}

/** Minimum memory by number of passes, from OWASP's password storage cheat sheet; for five or more passes, the last. */
const MIN_MEMORY_KIB = [47_104, 19_456, 12_288, 9_216, 7_168]

/** Returns true if guessing the password of a hash costs at least the minimum that OWASP recommends. */
export function isStrongHash(hash: string): boolean {
  const { m, t } = PHC.exec(hash)?.groups ?? {}
  return Number(m) >= Number(MIN_MEMORY_KIB[Number(t) - 1] ?? MIN_MEMORY_KIB.at(-1))
}

/** Hashes a password with a new salt into a PHC string. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const costs = { m: MEMORY_KIB, t: PASSES, p: LANES, keyBytes: KEY_BYTES }
  const key = await derive(password, salt, costs)
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${unpadded(salt)}$${unpadded(key)}`
}

/**
 * Returns true if the password has this hash. Compares in constant time.
 *
 * @throws {TypeError} if the hash is not a PHC string of argon2id
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const fields = PHC.exec(hash)?.groups as
    | Record<'m' | 't' | 'p' | 'salt' | 'key', string> // the named groups of PHC
    | undefined
  if (!fields) throw new TypeError('not an argon2id hash in PHC format')
  const expected = Buffer.from(fields.key, 'base64')
  const actual = await derive(password, Buffer.from(fields.salt, 'base64'), {
    m: Number(fields.m),
    t: Number(fields.t),
    p: Number(fields.p),
    keyBytes: expected.length,
  })
  return timingSafeEqual(actual, expected)
}

/** Derives a key in libuv's thread pool, so that other requests are not blocked. */
function derive(
  password: string,
  salt: Buffer,
  { m, t, p, keyBytes }: Record<'m' | 't' | 'p' | 'keyBytes', number>,
) {
  return deriveKey('argon2id', {
    message: password,
    nonce: salt,
    memory: m,
    passes: t,
    parallelism: p,
    tagLength: keyBytes,
  })
}

function unpadded(bytes: Buffer) {
  return bytes.toString('base64').replaceAll('=', '')
}
