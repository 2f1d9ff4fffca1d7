import '../fixtures/register.ts'
import t from 'tap'
import { build } from '../app.ts'
import { openApiViolations } from './responses.ts'

t.test('openApiViolations() reports each difference from the OpenAPI document', async (t) => {
  const app = await build(t)
  const request = { method: 'GET', url: '/greeting' } as const
  const headers = { accept: 'application/json' }
  const { statusCode, headers: fields, body } = await app.inject({ ...request, headers })
  const reply = { statusCode, headers: fields, body }
  const xml = { ...fields, 'content-type': 'application/xml; charset=utf-8' }
  const cases: [object, RegExp][] = [
    [{ statusCode: 202 }, /202 is not declared/],
    [{ headers: { ...fields, 'x-new': '1' } }, /x-new is not declared/],
    [{ headers: { ...fields, vary: 'Origin' } }, /vary: Origin/],
    [{ headers: { ...fields, 'content-type': 'image/png' } }, /image\/png is not declared/],
    [{ body: '{"hello":"world"}' }, /message/],
    [{ headers: xml, body: '<messages/>' }, /messages, not message/],
    [{ headers: xml, body: '<message/>' }, /member message is missing/],
  ]
  t.same(openApiViolations(app, request, reply), [], 'the original response has no violations')
  for (const [change, expected] of cases) {
    t.match(
      openApiViolations(app, request, { ...reply, ...change }).join(),
      expected,
      String(expected),
    )
  }
})

t.test(
  'openApiViolations() checks the error document of a path without an operation',
  async (t) => {
    const app = await build(t)
    const request = { method: 'GET', url: '/nothing' } as const
    const { statusCode, headers, body } = await app.inject(request)
    t.same(openApiViolations(app, request, { statusCode, headers, body }), [])
    t.match(openApiViolations(app, request, { statusCode, headers, body: '{}' }).join(), /status/)
  },
)

t.test('openApiViolations() reports a missing header field', async (t) => {
  const app = await build(t)
  const request = { method: 'GET', url: '/notes' } as const
  const { statusCode, headers, body } = await app.inject(request)
  const { link, ...others } = headers
  t.same(openApiViolations(app, request, { statusCode, headers, body }), [])
  t.match(openApiViolations(app, request, { statusCode, headers: others, body }), [
    /link is missing/,
  ])
})

t.test('openApiViolations() reports content of a 304', async (t) => {
  const app = await build(t)
  const request = { method: 'GET', url: '/notes/123' } as const
  const { headers } = await app.inject(request)
  const { 'content-type': type, ...fields } = headers
  t.same(openApiViolations(app, request, { statusCode: 304, headers: fields, body: '' }), [])
  t.strictSame(openApiViolations(app, request, { statusCode: 304, headers, body: '{}' }), [
    'the response has content, but none is declared',
  ])
})
