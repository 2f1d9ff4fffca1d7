import t from 'tap'
import { existing, HttpError } from '../../../src/http/http-error.ts'

const CODES = [
  ['BAD_REQUEST', 400],
  ['UNAUTHENTICATED', 401],
  ['FORBIDDEN', 403],
  ['NOT_FOUND', 404],
  ['METHOD_NOT_ALLOWED', 405],
  ['NOT_ACCEPTABLE', 406],
  ['CONTENT_TOO_LARGE', 413],
  ['URI_TOO_LONG', 414],
  ['UNSUPPORTED_MEDIA_TYPE', 415],
  ['RANGE_NOT_SATISFIABLE', 416],
  ['NOT_IMPLEMENTED', 501],
] as const

for (const [code, statusCode] of CODES) {
  t.test(`an HttpError with the code ${code} has the status ${statusCode}`, async (t) => {
    t.match(new HttpError(code), { code, statusCode })
  })
}

t.test('an HttpError without a detail has the reason phrase as its message', async (t) => {
  const error = new HttpError('NOT_FOUND')
  t.type(error, Error)
  t.equal(error.detail, undefined)
  t.equal(error.message, 'Not Found')
  t.strictSame(error.headers, {})
  t.equal(error.violations, undefined)
})

t.test('an HttpError has the given detail, headers and violations', async (t) => {
  const violations = [{ in: 'body', pointer: '/name', message: 'is required' }]
  const headers = { allow: 'GET', 'www-authenticate': ['Basic', 'Bearer'] }
  const error = new HttpError('BAD_REQUEST', 'no name', { headers, violations })
  t.match(error, { message: 'no name', detail: 'no name' })
  t.strictSame(error.headers, headers)
  t.strictSame(error.violations, violations)
})

t.test('existing() returns the resource, and throws 404 for undefined', async (t) => {
  for (const there of [{ id: 1 }, 0, '', null]) t.equal(existing(there), there)
  t.throws(() => existing(undefined), { statusCode: 404, message: 'Not Found' })
})

t.test('an HttpError has no stack, and other errors still have one', async (t) => {
  t.equal(new HttpError('NOT_FOUND', 'gone').stack, 'Error: gone')
  t.match(new Error('a bug').stack, /http-error\.test\.ts/)
})
