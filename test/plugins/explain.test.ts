import type { FastifyInstance, FastifyPluginAsync, InjectOptions } from 'fastify'
import t, { type Test } from 'tap'
import type { Authenticate } from '../../plugins/auth/authenticate.ts'
import { buildWith } from '../app.ts'
import { readDebugTrace } from '../debug-trace.ts'
import '../fixtures/register.ts'

/** Accepts every name except `nobody`. Only `admin` has scopes. */
const authenticate: Authenticate = async (credentials) => {
  const name = credentials.scheme === 'Basic' ? credentials.name : credentials.token
  return name === 'nobody' ? undefined : { name, scopes: name === 'admin' ? ['read', 'write'] : [] }
}

const failing: FastifyPluginAsync = async (app) => {
  app.get('/fails', async () => {
    throw new TypeError('a s3cret')
  })
  app.get('/throws', async () => {
    throw 'a s3cret'
  })
}

function basic(name: string) {
  return { authorization: `Basic ${Buffer.from(`${name}:s3cret`).toString('base64')}` }
}

const ADMIN = basic('admin')
const JSON_BODY = { ...ADMIN, 'content-type': 'application/json' }

function post(url: string, payload: string, headers: Record<string, string> = JSON_BODY) {
  return { method: 'POST', url, payload, headers } as const
}

function postNote(title: string, headers?: Record<string, string>) {
  return post('/notes', `{"title":"${title}","body":"a","author":"a"}`, headers)
}

function postOnce(title: string) {
  return postNote(title, { ...JSON_BODY, 'idempotency-key': 'a' })
}

function error(code: string, detail: string) {
  return `error="${code}";detail="${detail}"`
}

const NOTE = 'route="/notes/:noteId"'
const ALLOWED = 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'
const AUTHENTICATED = 'authentication="admin";credentials="Basic";scopes="read write"'
const READER = 'authentication="reader";credentials="Bearer";scopes=""'
const JSON_TO_TEXT = 'body="application/json", accept="text/plain"'
const POSTED = `route="/notes", ${AUTHENTICATED}, ${JSON_TO_TEXT}`
const UNAUTHENTICATED = 'error="UNAUTHENTICATED"'

/**
 * Requests in the order in which the test sends them, with their statuses. They share one database. The strings after
 * a status are the members of Debug-Trace between `framing` and `status`.
 */
const CASES: [InjectOptions & { url: string }, status: number, ...trace: string[]][] = [
  [{ url: '/notes/123' }, 200, NOTE, 'accept="text/plain"', 'valid=("params")'],
  // The second request uses the cached media type.
  [{ url: '/notes/123' }, 200, NOTE, 'accept="text/plain"', 'valid=("params")'],
  [
    { method: 'HEAD', url: '/greeting?name=x', headers: { accept: 'text/html' } },
    200,
    'route="/greeting", accept="text/html", valid=("querystring")',
  ],
  [
    { url: '/vault', headers: { authorization: 'Bearer reader' } },
    200,
    `route="/vault", ${READER}, accept="text/plain", valid=()`,
  ],
  [postNote('a'), 201, POSTED, 'valid=("body")'],
  [postOnce('a'), 201, POSTED, 'valid=("body"), idempotency="first"'],
  [postOnce('a'), 201, POSTED, 'valid=("body"), idempotency="repeat"'],
  [
    postOnce('b'),
    422,
    POSTED,
    'valid=("body")',
    error(
      'UNPROCESSABLE_CONTENT',
      'Idempotency-Key: this key was used for a different request; send a new key',
    ),
  ],
  [{ method: 'OPTIONS', url: '/notes/123' }, 204, `route=?0;allow="${ALLOWED}"`],
  [
    { url: '/notes/x' },
    400,
    `${NOTE}, accept="text/plain"`,
    error('FST_ERR_VALIDATION', 'params/noteId must be integer'),
  ],
  [
    { url: '/greeting?x=y' },
    400,
    'route="/greeting", accept="text/plain"',
    error('FST_ERR_VALIDATION', 'querystring/x is unknown'),
  ],
  [
    post('/notes', '{"title":2,"body":"a","author":"a"}'),
    400,
    POSTED,
    error('FST_ERR_VALIDATION', 'body/title must be string'),
  ],
  [
    post('/notes', '{'),
    400,
    POSTED,
    error('BAD_REQUEST', 'the JSON body is malformed: close brace expected (line 1, column 2)'),
  ],
  [
    { url: '/greeting?%ff' },
    400,
    error('BAD_REQUEST', 'the query is not valid percent-encoded UTF-8'),
  ],
  [{ url: '/vault' }, 401, 'route="/vault", authentication=?0;credentials="none"', UNAUTHENTICATED],
  [
    { url: '/vault', headers: { authorization: 'Basic s3cret' } },
    401,
    'route="/vault", authentication=?0;credentials="unreadable"',
    UNAUTHENTICATED,
  ],
  [
    { url: '/vault', headers: basic('nobody') },
    401,
    'route="/vault", authentication=?0;credentials="Basic"',
    UNAUTHENTICATED,
  ],
  [
    post('/notes', '{}', { authorization: 'Bearer reader' }),
    403,
    `route="/notes", ${READER}`,
    error('FORBIDDEN', 'scope write is required'),
  ],
  [{ url: '/nope' }, 404, 'route=?0;allow=""', error('NOT_FOUND', 'http://localhost:80/nope')],
  [
    { url: '/notes/4' },
    404,
    `${NOTE}, accept="text/plain", valid=("params")`,
    error('NOT_FOUND', 'http://localhost:80/notes/4'),
  ],
  [
    { method: 'POST', url: '/notes/123' },
    405,
    `route=?0;allow="${ALLOWED}"`,
    error('METHOD_NOT_ALLOWED', `POST /notes/123 (allowed: ${ALLOWED})`),
  ],
  [
    { url: '/notes/123', headers: { accept: 'image/png' } },
    406,
    NOTE,
    error(
      'NOT_ACCEPTABLE',
      'no acceptable media type; available: text/plain, application/json, application/xml, text/html',
    ),
  ],
  [
    post('/notes', 'x'.repeat(101)),
    413,
    POSTED,
    error('CONTENT_TOO_LARGE', 'the body is larger than 100 bytes'),
  ],
  [
    post('/notes', 'x', { ...ADMIN, 'content-type': 'text/csv' }),
    415,
    `route="/notes", ${AUTHENTICATED}`,
    error('UNSUPPORTED_MEDIA_TYPE', 'text/csv; supported: application/json'),
  ],
  [
    { method: 'DELETE', url: '/notes/123', headers: ADMIN },
    428,
    `${NOTE}, ${AUTHENTICATED}, valid=("params")`,
    error('PRECONDITION_REQUIRED', 'If-Match with the current ETag is required'),
  ],
  [{ url: '/fails' }, 500, 'route="/fails", valid=(), error="TypeError"'],
  [{ url: '/throws' }, 500, 'route="/throws", valid=(), error="string"'],
  [
    { method: 'TRACE', url: '/notes/123' },
    501,
    `route=?0;allow="${ALLOWED}"`,
    error('NOT_IMPLEMENTED', 'no resource supports TRACE'),
  ],
]

function buildCases(t: Test, DEBUG: string): Promise<FastifyInstance> {
  return buildWith(t, failing, { DEBUG, BODY_LIMIT: '100' }, { authenticate })
}

t.test('with DEBUG every response has Debug-Trace', async (t) => {
  const app = await buildCases(t, 'true')
  for (const [request, status, ...trace] of CASES) {
    const { statusCode, headers } = await app.inject(request)
    const { method = 'GET', url } = request
    const between = trace.join(', ')
    t.equal(statusCode, status, `${method} ${url} returns ${status}`)
    t.equal(
      headers['debug-trace'],
      `target="${url}", method="${method}", framing, ${between}, status=${status}`,
    )
    t.match(
      readDebugTrace(headers['debug-trace']),
      { target: url, method, status },
      'an independent parser reads the field',
    )
    t.notMatch(headers['debug-trace'], 's3cret', 'the field contains no secret')
  }
})

for (const DEBUG of ['', 'false']) {
  t.test(`with DEBUG=${DEBUG} no response has Debug-Trace`, async (t) => {
    const app = await buildCases(t, DEBUG)
    app.addHook('onResponse', async ({ explain }) => t.equal(explain, undefined))
    for (const [request, status] of CASES) {
      const { statusCode, headers } = await app.inject(request)
      t.equal(statusCode, status)
      t.notOk('debug-trace' in headers)
    }
    t.equal(app.explainError, undefined)
  })
}
