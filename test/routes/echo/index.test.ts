import t from 'tap'
import { ACCOUNT, build, expectReply } from '../../app.ts'

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

t.test('/echo returns no credentials, fields of proxies or unknown fields', async (t) => {
  const app = await build(t, ACCOUNT) // the tutorial's accounts are refused behind a proxy
  const hidden = Object.fromEntries(
    [
      ...['authorization', 'proxy-authorization', 'cookie', 'referer', 'x-custom', 'via'],
      ...['x-forwarded-for', 'x-forwarded-client-cert', 'forwarded', 'traceparent', 'x-api-key'],
    ].map((name) => [name, 'hunter2']),
  )
  for (const accept of ['application/json', 'application/xml', 'text/html']) {
    const headers = { ...hidden, accept, 'accept-language': 'eo', 'user-agent': 'a client' }
    const { body } = await expectReply(t, app, { url: '/echo', headers }, {})
    t.match(body, 'a client')
    t.match(body, 'eo')
    t.notMatch(body, /hunter2|x-custom/, `only known fields as ${accept}`)
  }
})

t.test('/echo as XML escapes values', async (t) => {
  const app = await build(t)
  const headers = { accept: 'application/xml', 'content-type': 'text/plain', 'user-agent': '<b>' }
  const request = { method: 'POST', url: '/echo', headers, payload: '<i>&' } as const
  const { body } = await expectReply(t, app, request, {})
  t.match(body, '<user-agent>&lt;b&gt;</user-agent>')
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

t.test('HEAD /echo gets the header fields of GET', async (t) => {
  const app = await build(t)
  const { headers } = await app.inject({ url: '/echo', headers: { accept: 'application/json' } })
  const head = { method: 'HEAD', url: '/echo', headers: { accept: 'application/json' } } as const
  await expectReply(t, app, head, {
    headers: { 'content-length': String(headers['content-length']) },
  })
})
