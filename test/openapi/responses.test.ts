import t from 'tap'
import { build } from '../app.ts'
import { breachesOf } from './responses.ts'

t.test('a reply that breaks the contract is told', async (t) => {
  const app = await build(t)
  const request = { method: 'GET', url: '/hello' } as const
  const headers = { accept: 'application/json' }
  const { statusCode, headers: fields, body } = await app.inject({ ...request, headers })
  const reply = { statusCode, headers: fields, body }
  const { link, ...withoutLink } = fields
  const xml = { ...fields, 'content-type': 'application/xml; charset=utf-8' }
  const cases: [object, RegExp][] = [
    [{ statusCode: 202 }, /202 is not declared/],
    [{ headers: withoutLink }, /link is missing/],
    [{ headers: { ...fields, 'x-new': '1' } }, /x-new is not declared/],
    [{ headers: { ...fields, vary: 'Origin' } }, /vary: Origin/],
    [{ headers: { ...fields, 'content-type': 'image/png' } }, /image\/png is not declared/],
    [{ body: '{"hello":"world"}' }, /number/],
    [{ headers: xml, body: '<greetings/>' }, /greetings, not greeting/],
    [{ headers: xml, body: '<greeting><hello>world</hello></greeting>' }, /no number/],
  ]
  t.same(breachesOf(app, request, reply), [], 'as it is')
  for (const [change, expected] of cases) {
    t.match(breachesOf(app, request, { ...reply, ...change }).join(), expected, String(expected))
  }
})

t.test('a failure where there is no operation is in a document that is told', async (t) => {
  const app = await build(t)
  const request = { method: 'GET', url: '/nothing' } as const
  const { statusCode, headers, body } = await app.inject(request)
  t.same(breachesOf(app, request, { statusCode, headers, body }), [])
  t.match(breachesOf(app, request, { statusCode, headers, body: '{}' }).join(), /status/)
})

t.test('what has no content has none', async (t) => {
  const app = await build(t)
  const request = { method: 'GET', url: '/users/2' } as const
  const { headers } = await app.inject(request)
  const { 'content-type': type, ...fields } = headers
  t.same(breachesOf(app, request, { statusCode: 304, headers: fields, body: '' }), [])
  t.match(breachesOf(app, request, { statusCode: 304, headers, body: '{}' }), [/no content/])
})
