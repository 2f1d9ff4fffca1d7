// What every peer says.
import { timingSafeEqual } from 'node:crypto'

export const PORT = Number(process.env.PORT)

export const GREETING = { hello: 'world', number: 3 }

export const SECRET = { message: 'Shhh this is top secret spy stuff!' }

export const NAME = 'admin'
export const PASSWORD = 'secret'

const EXPECTED = Buffer.from(`Basic ${btoa(`${NAME}:${PASSWORD}`)}`)

/** Whether the credentials are right, compared in constant time. */
export function isAuthorized(field = '') {
  const given = Buffer.from(field)
  return given.length === EXPECTED.length && timingSafeEqual(given, EXPECTED)
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
