// Data and checks that all compared servers in JavaScript share.
import { timingSafeEqual } from 'node:crypto'

export const PORT = Number(process.env.PORT)

export const GREETING = { hello: 'world', number: 3 }

export const SECRET = { message: 'Shhh this is top secret spy stuff!' }

export const NAME = 'admin'
export const PASSWORD = 'secret'

/** Rate limit, in requests per minute. No run reaches it, so requests are counted but never refused. */
export const NO_LIMIT = 1_000_000_000

/** Returns whether a name and a password are correct; compares in constant time. */
export function isRight(name, password) {
  return isSame(`${name}:${password}`, `${NAME}:${PASSWORD}`)
}

const FIELD = `Basic ${btoa(`${NAME}:${PASSWORD}`)}`

/** Returns whether an Authorization header is correct; compares in constant time. */
export function isAuthorized(field = '') {
  return isSame(field, FIELD)
}

function isSame(given, expected) {
  const [bytes, others] = [given, expected].map((text) => Buffer.from(text))
  return bytes.length === others.length && timingSafeEqual(bytes, others)
}

/** JSON Schema of a posted article. */
export const DRAFT = {
  type: 'object',
  required: ['title', 'body', 'author'],
  additionalProperties: false,
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 200 },
    body: { type: 'string', minLength: 1, maxLength: 100_000 },
    author: { type: 'string', minLength: 1, maxLength: 100 },
  },
}
