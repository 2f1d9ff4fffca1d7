// What every peer says.
import { timingSafeEqual } from 'node:crypto'

export const PORT = Number(process.env.PORT)

export const GREETING = { hello: 'world', number: 3 }

export const SECRET = { message: 'Shhh this is top secret spy stuff!' }

export const NAME = 'admin'
export const PASSWORD = 'secret'

/** More than any run makes, so that limits are counted and nobody is refused. */
export const NO_LIMIT = 1_000_000_000

/** Whether a name and a password are right, compared in constant time. */
export function isRight(name, password) {
  return isSame(`${name}:${password}`, `${NAME}:${PASSWORD}`)
}

const FIELD = `Basic ${btoa(`${NAME}:${PASSWORD}`)}`

/** Whether the field Authorization is right, compared in constant time. */
export function isAuthorized(field = '') {
  return isSame(field, FIELD)
}

function isSame(given, expected) {
  const [octets, others] = [given, expected].map((text) => Buffer.from(text))
  return octets.length === others.length && timingSafeEqual(octets, others)
}

/** JSON Schema of what is posted. */
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
