import { STATUS_CODES } from 'node:http'
import type { FastifyPluginAsync } from 'fastify'
import t from 'tap'
import { HttpError } from '../../../src/http/http-error.ts'
import { ValidationError } from '../../../src/http/validation.ts'
import { ACCOUNT, build, buildWith, createLog, expectReply } from '../../app.ts'
import '../../fixtures/register.ts'
import { createFileStore } from '../../fixtures/resources/files/store.ts'
import { expectPage } from '../../page.ts'
import { exchange } from '../../socket.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const XML = 'application/xml; charset=utf-8'
const HTML = 'text/html; charset=utf-8'
const TEXT = 'text/plain; charset=utf-8'

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
const ESCAPED = "Not Found: http://b&amp;'h/nope?a=1&amp;b=2"

/** Responses to GET /nope?a=1&b=2 in each media type of errors. The host has characters that markup must escape. */
const NOT_FOUND = [
  {
    accept: undefined,
    type: JSON_TYPE,
    body: { status: 404, message: "Not Found: http://b&'h/nope?a=1&b=2" },
  },
  {
    accept: 'image/png',
    type: JSON_TYPE,
    body: { status: 404, message: "Not Found: http://b&'h/nope?a=1&b=2" },
  },
  {
    accept: 'application/problem+json',
    type: 'application/problem+json',
    body: {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      message: "Not Found: http://b&'h/nope?a=1&b=2",
      detail: "http://b&'h/nope?a=1&b=2",
    },
  },
  {
    accept: 'application/problem+xml',
    type: 'application/problem+xml',
    body:
      `${DECLARATION}<problem xmlns="urn:ietf:rfc:7807"><type>about:blank</type>` +
      '<title>Not Found</title><status>404</status>' +
      `<message>${ESCAPED}</message>` +
      "<detail>http://b&amp;'h/nope?a=1&amp;b=2</detail></problem>\n",
  },
  {
    accept: 'application/xml',
    type: XML,
    body: `${DECLARATION}<error><status>404</status><message>${ESCAPED}</message></error>\n`,
  },
  { accept: 'text/plain', type: TEXT, body: "404 Not Found: http://b&'h/nope?a=1&b=2\n" },
  {
    accept: 'text/html',
    type: HTML,
    page: ['404 Not Found', "Not Found: http://b&'h/nope?a=1&b=2"] as const,
  },
]

for (const { accept, type, body, page } of NOT_FOUND) {
  t.test(`a missing resource gets 404 with escaped markup: Accept ${accept}`, async (t) => {
    const app = await build(t, ACCOUNT)
    const headers = { host: "b&'h", ...(accept && { accept }) }
    const request = { url: '/nope?a=1&b=2', headers }
    const reply = await expectReply(t, app, request, { status: 404, type, body })
    if (page) expectPage(t, reply.body, page)
  })
}

const CAUSE = 'connecting to db with hunter2 failed'

/** Returns a plugin with routes that throw: `GET /throws/<name>`. */
function failing(causes: Record<string, () => unknown>): FastifyPluginAsync {
  return async (app) => {
    for (const [name, cause] of Object.entries(causes)) {
      app.get(`/throws/${name}`, async () => {
        throw cause()
      })
    }
  }
}

const FIXED = [
  { accept: '*/*', type: JSON_TYPE, body: { status: 500, message: 'Internal Server Error' } },
  {
    accept: 'application/problem+json',
    type: 'application/problem+json',
    body: {
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      message: 'Internal Server Error',
    },
  },
  {
    accept: 'application/problem+xml',
    type: 'application/problem+xml',
    body:
      `${DECLARATION}<problem xmlns="urn:ietf:rfc:7807"><type>about:blank</type>` +
      '<title>Internal Server Error</title><status>500</status>' +
      '<message>Internal Server Error</message></problem>\n',
  },
  {
    accept: 'application/xml',
    type: XML,
    body:
      `${DECLARATION}<error><status>500</status>` +
      '<message>Internal Server Error</message></error>\n',
  },
  { accept: 'text/plain', type: TEXT, body: '500 Internal Server Error\n' },
  {
    accept: 'text/html',
    type: HTML,
    page: ['500 Internal Server Error', 'Internal Server Error'] as const,
  },
]

for (const { accept, type, body, page } of FIXED) {
  t.test(
    `an unexpected error causes a 500 without the message, and is logged: Accept ${accept}`,
    async (t) => {
      const log = createLog()
      const throws = failing({ error: () => new Error(CAUSE) })
      const app = await buildWith(t, throws, {}, { logDestination: log })
      const headers = { accept, 'x-request-id': 'a-failure' }
      const request = { url: '/throws/error', headers }
      const reply = await expectReply(t, app, request, { status: 500, type, body })
      if (page) expectPage(t, reply.body, page)
      const [line, ...others] = log.lines.filter(({ level }) => level === 'error')
      t.match(line, {
        clientRequestId: 'a-failure',
        msg: 'request failed',
        err: { message: CAUSE },
      })
      t.match(line, { err: { stack: /errors\/index\.test\.ts/ } }, 'the log line has the stack')
      t.same(others, [], 'the error is logged once')
    },
  )
}

/** Invalid header fields that a handler sets, and the status of the response. */
const UNWRITABLE = [
  { name: 'x-name', value: '\u0100 of a user', end: () => 'done', status: 500 },
  { name: 'x-names', value: ['a', 'b\r\nx: y'], end: () => 'done', status: 500 },
  { name: 'x name', value: 'a', end: () => 'done', status: 500 },
  { name: 'x-name', value: '\u0100', end: () => 'long '.repeat(500), status: 500 },
  {
    name: 'x-name',
    value: '\u0100',
    end: () => {
      throw new HttpError('CONFLICT')
    },
    status: 409,
  },
]

for (const { name, value, end, status } of UNWRITABLE) {
  t.test(
    `a response with the invalid field ${name}: ${[value]} is replaced by ${status}`,
    async (t) => {
      const log = createLog()
      const routes: FastifyPluginAsync = async (app) => {
        app.get('/unwritable', async (_request, reply) => {
          reply.headers({ [name]: value, 'x-kept': 'yes' })
          return end()
        })
      }
      const app = await buildWith(t, routes, {}, { logDestination: log })
      const message = STATUS_CODES[status]
      await expectReply(
        t,
        app,
        { url: '/unwritable', headers: { 'accept-encoding': 'gzip' } },
        { status, headers: { [name]: undefined, 'x-kept': 'yes' }, body: { status, message } },
      )
      const failures = log.lines.filter(({ msg }) => msg === 'request failed')
      t.equal(failures.length, status === 500 ? 1 : 0, 'only a 500 is logged')
    },
  )
}

const UNEXPECTED: Record<string, () => unknown> = {
  nothing: () => undefined,
  null: () => null,
  'frozen error': () => Object.freeze(new Error(CAUSE)),
  'status as text': () => Object.assign(new Error(CAUSE), { statusCode: '404' }),
  'code of an object': () => Object.assign(new Error(CAUSE), { code: 'constructor' }),
  text: () => CAUSE,
  number: () => 42,
  object: () => ({ message: CAUSE }),
  success: () => Object.assign(new Error(CAUSE), { statusCode: 200 }),
  redirect: () => Object.assign(new Error(CAUSE), { statusCode: 302 }),
  'status past 599': () => Object.assign(new Error(CAUSE), { statusCode: 600 }),
  'NaN as status': () => Object.assign(new Error(CAUSE), { statusCode: Number.NaN }),
}

t.test('any thrown value causes a 500 without details', async (t) => {
  const named = Object.entries(UNEXPECTED).map(([name, cause], index) => ({ name, cause, index }))
  const causes = Object.fromEntries(named.map(({ cause, index }) => [index, cause]))
  const app = await buildWith(t, failing(causes))
  const body = { status: 500, message: 'Internal Server Error' }
  for (const { name, index } of named) {
    t.comment(`thrown: ${name}`)
    await expectReply(t, app, { url: `/throws/${index}` }, { status: 500, type: JSON_TYPE, body })
  }
})

t.test('the message of an error with a status is not sent unless it is exposed', async (t) => {
  const refused = () => Object.assign(new Error(CAUSE), { statusCode: 403 })
  const app = await buildWith(t, failing({ refused }))
  const body = { status: 403, message: 'Forbidden' }
  await expectReply(t, app, { url: '/throws/refused' }, { status: 403, body })
})

t.test('a 404 shows the full URL, also if the request target is a full URL', async (t) => {
  const app = await build(t)
  const body = { status: 404, message: 'Not Found: http://localhost/nope' }
  await expectReply(t, app, { url: '/nope', headers: { host: 'localhost' } }, { status: 404, body })
  const raw = await exchange(
    app,
    'GET http://localhost/nope HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  )
  t.same(JSON.parse(raw.body), body)
})

t.test('a URL that the router refuses is logged', async (t) => {
  const log = createLog()
  const app = await build(t, {}, { logDestination: log })
  const reply = await app.inject('/%zz')
  const line = { msg: 'request completed', status: 400, route: null }
  t.match(log.lines, [{ ...line, reqId: reply.headers['x-request-id'] }])
})

t.test('a circular cause and an aggregate error are logged', async (t) => {
  const log = createLog()
  const circular = () => {
    const error = new Error(CAUSE)
    error.cause = error
    return error
  }
  const many = () => new AggregateError([new Error('one'), 'two'], 'all')
  const app = await buildWith(t, failing({ circular, many }), {}, { logDestination: log })
  const body = { status: 500, message: 'Internal Server Error' }
  for (const name of ['circular', 'many']) {
    await expectReply(t, app, { url: `/throws/${name}` }, { status: 500, body })
  }
  const [first, second] = log.lines.filter(({ msg }) => msg === 'request failed')
  t.match(first, { err: { message: CAUSE, cause: { message: CAUSE } } })
  t.match(second, { err: { message: 'all', errors: [{ message: 'one' }, { message: "'two'" }] } })
})

t.test('an error is logged with the cause, without other properties', async (t) => {
  const log = createLog()
  const error = () =>
    Object.assign(new Error('refused', { cause: new Error(CAUSE) }), { config: { key: 'k-e-y' } })
  const app = await buildWith(t, failing({ error }), {}, { logDestination: log })
  await expectReply(t, app, { url: '/throws/error' }, { status: 500 })
  t.match(log.lines[0], { err: { type: 'Error', message: 'refused', cause: { message: CAUSE } } })
  t.notMatch(JSON.stringify(log.lines), 'k-e-y')
})

t.test('an error response has no header fields that describe the replaced response', async (t) => {
  const app = await buildWith(t, async (app) => {
    app.get('/late', async (_request, reply) => {
      reply.headers({ 'cache-control': 'max-age=60', etag: '"1"', link: '</>; rel="up"' })
      reply.headers({ location: '/', 'content-encoding': 'gzip', 'last-modified': 'now' })
      reply.headers({ 'content-disposition': 'attachment', 'content-range': 'bytes 0-1/2' })
      reply.headers({ 'content-type': 'image/png', 'x-kept': 'yes' })
      throw new Error(CAUSE)
    })
  })
  const gone = ['etag', 'link', 'location', 'content-encoding', 'last-modified']
  gone.push('content-disposition', 'content-range')
  const removed = Object.fromEntries(gone.map((name) => [name, undefined]))
  const headers = { ...removed, 'cache-control': 'no-store' }
  const expected = { status: 500, type: JSON_TYPE, headers: { ...headers, 'x-kept': 'yes' } }
  await expectReply(t, app, { url: '/late' }, expected)
})

t.test(
  'the message of an HTTP error of @fastify/sensible is sent only if its status is below 500',
  async (t) => {
    const log = createLog()
    const app = await buildWith(
      t,
      async (app) => {
        const { httpErrors } = app
        await app.register(
          failing({
            unpaid: () => httpErrors.paymentRequired('pay first'),
            gone: () => httpErrors.notFound('no row in table x'),
            down: () => httpErrors.serviceUnavailable(CAUSE),
          }),
        )
      },
      {},
      { logDestination: log },
    )
    const sent: [string, number, string][] = [
      ['unpaid', 402, 'Payment Required: pay first'],
      ['gone', 404, 'Not Found: http://localhost:80/throws/gone'],
      ['down', 503, 'Service Unavailable'],
    ]
    for (const [name, status, message] of sent) {
      const url = `/throws/${name}`
      await expectReply(t, app, { url }, { status, body: { status, message } })
    }
    const [logged, ...others] = log.lines.filter(({ msg }) => msg === 'request failed')
    t.match(logged, { err: { message: CAUSE } }, 'the 503 is logged')
    t.same(others, [], 'nothing else is logged')
  },
)

t.test('an HttpError is sent with its detail, header fields and violations', async (t) => {
  const violations = ['/a', '/b'].map((pointer) => ({
    in: 'body',
    pointer,
    message: 'is required',
  }))
  const headers = { 'x-way-out': 'this way' }
  const refusal = () => new HttpError('BAD_REQUEST', 'not so', { headers, violations })
  const invalid = () => new ValidationError(violations)
  const app = await buildWith(t, failing({ refusal, invalid }))
  await expectReply(
    t,
    app,
    { url: '/throws/refusal' },
    {
      status: 400,
      headers,
      body: { status: 400, message: 'Bad Request: not so', errors: violations },
    },
  )
  await expectReply(
    t,
    app,
    { url: '/throws/invalid' },
    {
      status: 400,
      body: {
        status: 400,
        message: 'Bad Request: body/a is required; body/b is required',
        errors: violations,
      },
    },
  )
})

t.test('the response to an invalid request lists the violations in every media type', async (t) => {
  const app = await build(t)
  const errors = [{ in: 'params', pointer: '/noteId', message: 'must be integer' }]
  const detail = 'params/noteId must be integer'
  const list =
    '<errors><item><in>params</in><pointer>/noteId</pointer>' +
    '<message>must be integer</message></item></errors>'
  const bodies = {
    'application/json': { status: 400, message: `Bad Request: ${detail}`, errors },
    'application/problem+json': {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      message: `Bad Request: ${detail}`,
      detail,
      errors,
    },
    'application/xml': `${DECLARATION}<error><status>400</status><message>Bad Request: ${detail}</message>${list}</error>\n`,
    'text/plain': `400 Bad Request: ${detail}\n`,
  }
  for (const [accept, body] of Object.entries(bodies)) {
    await expectReply(t, app, { url: '/notes/x', headers: { accept } }, { status: 400, body })
  }
  const { body } = await app.inject({ url: '/notes/x', headers: { accept: 'text/html' } })
  expectPage(t, body, ['400 Bad Request', `Bad Request: ${detail}`])
})

t.test('a body that is shorter than Content-Length gets 400', async (t) => {
  const app = await build(t)
  const headers = { 'content-type': 'text/plain', 'content-length': '10' }
  const message = 'Bad Request: the length of the body differs from Content-Length'
  await expectReply(
    t,
    app,
    { method: 'POST', url: '/files', headers, payload: 'short' },
    { status: 400, body: { status: 400, message } },
  )
  t.equal(await app.store(createFileStore).find(1), undefined, 'nothing is stored')
})

t.test('the connection stays open after a refused body that was read to its end', async (t) => {
  const app = await build(t)
  const fields = 'Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 1'
  const next = 'GET /greeting HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
  const reply = await exchange(app, `POST /files HTTP/1.1\r\n${fields}\r\n\r\n{${next}`)
  t.equal(reply.status, 400)
  t.equal(reply.headers.connection, undefined)
  t.match(reply.text, /Hello World$/, 'the next request gets a response')
})
