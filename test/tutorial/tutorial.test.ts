import type { InjectOptions } from 'fastify'
import t from 'tap'
import { build, createLog, type Expected, expectReply } from '../app.ts'

/** A request of the tutorial and its response. */
interface Exchange {
  request: InjectOptions
  response: Expected
}

/** Host of the service in the tutorial. The body of the tutorial's 404 contains it. */
const HOST = { host: '127.0.0.1:5000' }
const JSON_BODY = { 'content-type': 'application/json' }
const TEXT = 'text/plain; charset=utf-8'
const CHALLENGES = ['Basic realm="Example", charset="UTF-8"', 'Bearer realm="Example"']

/** Every request and response that the tutorial prints, by section, in the order of the tutorial. */
const SECTIONS: Record<string, Exchange[]> = {
  Resources: [
    { request: { url: '/' }, response: { type: TEXT, body: 'Welcome' } },
    { request: { url: '/articles' }, response: { type: TEXT, body: 'List of /articles' } },
    { request: { url: '/articles/123' }, response: { type: TEXT, body: 'You are reading 123' } },
  ],
  'Resources: converters': [
    { request: { url: '/converters/int/123' }, response: { body: 'You are reading 123' } },
    { request: { url: '/converters/float/1.5' }, response: { body: 'You are reading 1.5' } },
    { request: { url: '/converters/path/a/b' }, response: { body: 'You are reading a/b' } },
    { request: { url: '/converters/string/abc' }, response: { body: 'You are reading abc' } },
  ],
  'Requests: GET Parameters': [
    { request: { url: '/hello' }, response: { body: 'Hello John Doe' } },
    { request: { url: '/hello?name=Luis' }, response: { body: 'Hello Luis' } },
  ],
  'Requests: Request Methods': (['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] as const).map(
    (method) => ({
      request: { method, url: '/echo' },
      response: { type: TEXT, body: `ECHO: ${method}\n` },
    }),
  ),
  'Requests: Request Data & Headers': [
    {
      request: {
        method: 'POST',
        url: '/messages',
        headers: JSON_BODY,
        payload: '{"message": "Hello Data"}',
      },
      response: { status: 201, body: 'JSON Message: {"message": "Hello Data"}' },
    },
    {
      request: {
        method: 'POST',
        url: '/messages',
        headers: { 'content-type': 'application/octet-stream' },
        payload: Buffer.from([0, 1, 254, 255]),
      },
      response: { status: 201, body: 'Binary message written!' },
    },
    {
      request: {
        method: 'POST',
        url: '/messages',
        headers: { 'content-type': 'text/plain' },
        payload: 'Hello Data',
      },
      response: { status: 201, body: 'Text Message: Hello Data' },
    },
    {
      request: {
        method: 'POST',
        url: '/messages',
        headers: { 'content-type': 'image/png' },
        payload: 'PNG',
      },
      response: { status: 415 },
    },
  ],
  Responses: [
    {
      request: { url: '/hello', headers: { accept: 'application/json' } },
      response: {
        type: 'application/json; charset=utf-8',
        headers: { link: '<http://luisrei.com>; rel="author"' },
        body: { hello: 'world', number: 3 },
      },
    },
    {
      request: { url: '/hello', headers: { accept: 'application/vnd.example.v2+json' } },
      response: { type: 'application/vnd.example.v2+json' },
    },
  ],
  'Status Codes & Errors': [
    { request: { url: '/users/2' }, response: { body: { 2: 'steve' } } },
    {
      request: { url: '/users/4', headers: HOST },
      response: {
        status: 404,
        body: { status: 404, message: 'Not Found: http://127.0.0.1:5000/users/4' },
      },
    },
  ],
  Authorization: [
    {
      request: { url: '/secrets' },
      response: {
        status: 401,
        headers: { 'www-authenticate': CHALLENGES },
        body: { status: 401, message: 'Authenticate.' },
      },
    },
    {
      request: { url: '/secrets', headers: { authorization: 'Basic YWRtaW46c2VjcmV0' } },
      response: { body: 'Shhh this is top secret spy stuff!' },
    },
  ],
  'Simple Debug & Logging': [
    { request: { url: '/logs' }, response: { body: 'check your logs\n' } },
  ],
}

t.test('the service returns every response that the tutorial prints', async (t) => {
  const app = await build(t)
  for (const [section, exchanges] of Object.entries(SECTIONS)) {
    await t.test(section, async (t) => {
      for (const { request, response } of exchanges) await expectReply(t, app, request, response)
    })
  }
})

t.test('GET /logs logs three lines with the levels of the tutorial', async (t) => {
  const log = createLog()
  const app = await build(t, {}, { logDestination: log })
  await app.inject('/logs')
  t.match(log.lines.slice(0, 3), [
    { level: 'info', msg: 'informing' },
    { level: 'warn', msg: 'warning' },
    { level: 'error', msg: 'screaming bloody murder!' },
  ])
})
