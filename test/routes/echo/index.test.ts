import t from 'tap'
import { build, expectReply } from '../../app.ts'

for (const method of ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] as const) {
  t.test(`${method} /echo returns the method, with and without a body`, async (t) => {
    const app = await build(t)
    await expectReply(t, app, { method, url: '/echo' }, { body: `ECHO: ${method}\n` })
    const headers = { 'content-type': 'text/plain' }
    const request = { method, url: '/echo', headers, payload: 'hello' }
    await expectReply(t, app, request, { body: `ECHO: ${method}\n` })
  })
}

const BODIES = [
  { title: 'text unchanged', type: 'text/plain', payload: 'café', body: 'café' },
  { title: 'JSON unchanged', type: 'application/json', payload: '{ "a":1}', body: '{ "a":1}' },
  {
    title: 'XML unchanged',
    type: 'application/xml',
    payload: '<a  b="1"/>',
    body: '<a  b="1"/>',
  },
  {
    title: 'bytes that are not UTF-8 as base64',
    type: 'application/octet-stream',
    payload: Buffer.from([0xff, 0x00]),
    body: '/wA=',
  },
  { title: 'an empty body', type: 'text/plain', payload: '', body: '' },
  { title: 'no body as null', type: undefined, payload: undefined, body: null },
]

for (const { title, type, payload, body } of BODIES) {
  t.test(`POST /echo as JSON returns ${title}`, async (t) => {
    const app = await build(t)
    const headers = { accept: 'application/json', ...(type && { 'content-type': type }) }
    const request = { method: 'POST', url: '/echo?a=1&b', headers, payload } as const
    const reply = await expectReply(t, app, request, {})
    t.match(reply.json(), { method: 'POST', url: '/echo?a=1&b', headers })
    t.same(reply.json().body, body)
    t.strictSame(Object.keys(reply.json()), ['method', 'url', 'headers', 'body'])
  })
}

t.test('/echo returns the header fields of the request, with credentials redacted', async (t) => {
  const app = await build(t)
  const credentials = {
    authorization: 'Basic hunter2',
    'proxy-authorization': 'Basic hunter2',
    cookie: 'session=hunter2',
  }
  for (const accept of ['application/json', 'application/xml', 'text/html']) {
    const headers = { ...credentials, accept, 'x-custom': 'shown' }
    const { body } = await expectReply(t, app, { url: '/echo', headers }, {})
    t.match(body, 'shown')
    t.match(body, '[redacted]')
    t.notMatch(body, 'hunter2', `no credentials as ${accept}`)
  }
})

t.test('/echo returns a header field that was sent twice', async (t) => {
  const app = await build(t)
  const headers = { accept: 'application/json', 'x-twice': ['a', 'b'] }
  const reply = await expectReply(t, app, { url: '/echo', headers }, {})
  t.match(String(reply.json().headers['x-twice']), /^a, ?b$/)
})

t.test('/echo as XML escapes names and values', async (t) => {
  const app = await build(t)
  const headers = { accept: 'application/xml', 'content-type': 'text/plain', '1st': '<b>' }
  const request = { method: 'POST', url: '/echo', headers, payload: '<i>&' } as const
  const { body } = await expectReply(t, app, request, {})
  t.match(body, '<entry key="1st">&lt;b&gt;</entry>')
  t.match(body, '<body>&lt;i&gt;&amp;</body>')
})

t.test('/echo returns 400 for a malformed body, and 415 for an unknown media type', async (t) => {
  const app = await build(t)
  for (const [type, payload, status] of [
    ['application/json', '{', 400],
    ['application/xml', '<!DOCTYPE a><a/>', 400],
    ['image/png', 'x', 415],
  ] as const) {
    const headers = { 'content-type': type }
    await expectReply(t, app, { method: 'PUT', url: '/echo', headers, payload }, { status })
  }
})
