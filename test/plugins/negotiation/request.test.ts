import { readdirSync } from 'node:fs'
import fastify, { type FastifyPluginAsync, type InjectOptions } from 'fastify'
import t, { type Test } from 'tap'
import { Type } from 'typebox'
import negotiation from '../../../plugins/negotiation/index.ts'
import { BODY_KINDS } from '../../../src/http/body.ts'
import { build, buildWith, expectReply } from '../../app.ts'
import '../../fixtures/register.ts'
import { createFileStore } from '../../fixtures/resources/files/store.ts'
import { exchange } from '../../socket.ts'

/** Media types that a route without a body schema accepts. */
const PARSED = Object.keys(BODY_KINDS).join(', ')

/** Media types that an upload accepts. */
const TAKEN = `${PARSED}, image/png`

/** Sends an upload that must be refused, and asserts that nothing is stored. */
async function expectRefusal(
  t: Test,
  request: InjectOptions,
  expected: { status: number; message: string | RegExp; headers?: Record<string, string> },
  environment: Record<string, string> = {},
) {
  const { status, message, headers } = expected
  const temporary = t.testdir()
  const { TMPDIR } = process.env
  t.teardown(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  })
  process.env.TMPDIR = temporary
  const app = await build(t, environment)
  const sent = { method: 'POST', url: '/files', ...request } as const
  const reply = await expectReply(t, app, sent, { status, headers })
  if (typeof message === 'string') t.same(reply.json(), { status, message })
  else t.match(reply.json(), { status, message })
  t.equal(await app.store(createFileStore).find(1), undefined, 'nothing is stored')
  t.same(readdirSync(temporary), [], 'no temporary file is left')
}

/** Unusual and malformed values of Content-Type. The status is 400 if the body is parsed as JSON, otherwise 415. */
const SPELLINGS = [
  { spelling: 'application/json', status: 400 },
  { spelling: 'APPLICATION/Json', status: 400 },
  { spelling: ' application/json', status: 400 },
  { spelling: '\tapplication/json', status: 400 },
  { spelling: 'application/json ', status: 400 },
  { spelling: 'application/json\t', status: 400 },
  { spelling: 'application/json;', status: 400 },
  { spelling: 'application/json;;', status: 400 },
  { spelling: 'application/json ; charset=utf-8', status: 400 },
  { spelling: 'application/json; charset=UTF-8', status: 400 },
  { spelling: 'application/json; Charset="utf-8"', status: 400 },
  { spelling: 'application/json; charset=us-ascii', status: 400 },
  { spelling: 'application/json; charset=utf8', status: 400 },
  { spelling: 'application/json; charset=UTF8', status: 400 },
  { spelling: 'application/json; charset=ascii', status: 400 },
  { spelling: 'application/json; charset=x-none', status: 415 },
  { spelling: 'application/json; x="a;charset=latin1"', status: 400 },
  { spelling: 'application/json; charset', status: 415 },
  { spelling: 'application/json; charset=utf-8; charset=utf-16', status: 415 },
  { spelling: 'application/json; junk', status: 415 },
  { spelling: 'application/json,', status: 415 },
  { spelling: 'application/json\u00a0', status: 415 },
  { spelling: '\u00a0application/json', status: 415 },
  { spelling: 'application/json; charset=', status: 415 },
  { spelling: 'application/json; charset=latin1', status: 415 },
  { spelling: 'application/json; charset="utf-16"', status: 415 },
  { spelling: 'application/json junk', status: 415 },
  { spelling: 'application/json charset=utf-8', status: 415 },
  { spelling: 'application/json, text/plain', status: 415 },
  { spelling: 'text/plain, application/json', status: 415 },
  { spelling: 'text/plain; application/json', status: 415 },
  { spelling: 'application/json, application/json', status: 415 },
  { spelling: 'application/jsonx', status: 415 },
  { spelling: 'application/vnd.x+json', status: 415 },
  { spelling: 'application/ json', status: 415 },
  { spelling: 'application /json', status: 415 },
  { spelling: 'application/json/x', status: 415 },
  { spelling: 'application/*', status: 415 },
  { spelling: '*/*', status: 415 },
  { spelling: 'application/', status: 415 },
  { spelling: '/json', status: 415 },
  { spelling: 'application', status: 415 },
  { spelling: 'json', status: 415 },
  { spelling: '"application/json"', status: 415 },
  { spelling: ';', status: 415 },
  { spelling: '', status: 415 },
  { spelling: 'undefined', status: 415 },
  { spelling: 'text/plain', status: 415 },
]

t.test('no spelling of Content-Type bypasses validation', async (t) => {
  const bodies: unknown[] = []
  const app = await buildWith(t, async (app) => {
    const Thing = Type.Object({ n: Type.Integer() }, { additionalProperties: false })
    const schema = { body: { content: { 'application/json': { schema: Thing } } } }
    app.post('/things', { schema }, async ({ body }) => ({ length: bodies.push(body) }))
  })
  const send = (spelling: string, payload: string) =>
    app.inject({ method: 'POST', url: '/things', headers: { 'content-type': spelling }, payload })

  for (const { spelling, status } of SPELLINGS) {
    const reply = await send(spelling, '{"n":"1"}')
    t.equal(reply.statusCode, status, `${JSON.stringify(spelling)} returns ${status}`)
    if (status === 415)
      t.equal(reply.headers.accept, 'application/json', 'the 415 lists the supported type')
    else
      t.match(
        reply.json().errors,
        [{ in: 'body', pointer: '/n' }],
        'the 400 names the invalid member',
      )
  }
  t.same(bodies, [], 'no invalid body reached the handler')
  await send('application/json', '{"n":1}')
  t.same(bodies, [{ n: 1 }], 'a valid body is accepted')
})

const UNSUPPORTED = [
  { title: 'an unsupported type', type: 'image/gif', message: `image/gif; supported: ${TAKEN}` },
  { title: 'no Content-Type', type: undefined, message: `no Content-Type; supported: ${TAKEN}` },
  {
    title: 'an unknown charset',
    type: 'text/plain; charset=x-none',
    message: 'charset x-none; supported: utf-8 and other labels of the Encoding standard',
  },
]

for (const { title, type, message } of UNSUPPORTED) {
  // An empty text is a text, so its charset matters. Other types without content are not judged.
  for (const payload of type?.startsWith('text/') ? ['x', undefined] : ['x']) {
    const length = payload ? 'body' : 'empty body'
    t.test(`an upload with ${title} and a${payload ? '' : 'n'} ${length} gets 415`, (t) =>
      expectRefusal(
        t,
        { headers: type ? { 'content-type': type } : {}, ...(payload && { payload }) },
        {
          status: 415,
          message: `Unsupported Media Type: ${message}`,
          headers: { accept: TAKEN },
        },
      ),
    )
  }
}

t.test('a malformed Content-Type gets 415', async (t) => {
  const app = await build(t)
  for (const [method, type] of [
    ['DELETE', ''],
    ['POST', 'text/plain, text/plain'],
  ] as const) {
    const headers = { 'content-type': type }
    await expectReply(
      t,
      app,
      { method, url: '/mirror', headers, payload: 'x' },
      { status: 415, headers: { accept: PARSED } },
    )
  }
})

for (const type of [
  undefined,
  'application/json',
  'application/xml',
  'image/gif',
  'multipart/form-data; boundary=B',
]) {
  t.test(`an upload without content and with Content-Type: ${type} gets 400`, (t) =>
    expectRefusal(
      t,
      { headers: type ? { 'content-type': type } : {} },
      { status: 400, message: `Bad Request: a body is required; supported: ${TAKEN}` },
    ),
  )
}

t.test('an empty text is stored', async (t) => {
  const app = await build(t)
  const headers = { 'content-type': 'text/plain' }
  await expectReply(t, app, { method: 'POST', url: '/files', headers }, { status: 201 })
  await expectReply(t, app, { url: '/files/1' }, { body: '' })
})

for (const type of ['application/json', 'application/xml', 'image/png', 'undefined', '']) {
  t.test(`Content-Type: ${type} without content is ignored, so nothing is parsed`, async (t) => {
    const app = await build(t)
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      for (const length of [{}, { 'content-length': '0' }]) {
        const headers = { accept: 'application/json', 'content-type': type, ...length }
        const reply = await expectReply(t, app, { method, url: '/mirror', headers }, {})
        t.equal(reply.json().body, null)
      }
    }
  })
}

t.test('a body of GET or HEAD over the limit is ignored', async (t) => {
  const app = await build(t, { BODY_LIMIT: '1' })
  for (const [method, body] of [
    ['GET', 'Hello World'],
    ['HEAD', ''],
  ] as const) {
    const request = { method, url: '/greeting', headers: { 'content-type': 'image/png' } }
    await expectReply(t, app, { ...request, payload: 'xx' }, { status: 200, body })
  }
})

for (const coding of ['gzip', 'br', 'identity, gzip', 'unknown']) {
  t.test(`an upload in the content coding ${coding} gets 415 with Accept-Encoding`, (t) =>
    expectRefusal(
      t,
      { headers: { 'content-type': 'text/plain', 'content-encoding': coding }, payload: 'x' },
      {
        status: 415,
        message: `Unsupported Media Type: content coding ${coding}; supported: identity`,
        headers: { 'accept-encoding': 'identity' },
      },
    ),
  )
}

const FORM = 'multipart/form-data; boundary=B'
const PART = '--B\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\nabc\r\n'
const XML = 'application/xml'
const JSON_TYPE = 'application/json'
const URLENCODED = 'application/x-www-form-urlencoded'
const deep = (open: string, close: string) => open.repeat(33) + close.repeat(33)

/** Malformed bodies of supported media types. */
const MALFORMED: [type: string, payload: string | Buffer, message: string][] = [
  ['text/plain', Buffer.from('caf\xe9', 'latin1'), 'the body is not valid UTF-8'],
  [JSON_TYPE, Buffer.from('"\xff"', 'latin1'), 'the body is not valid UTF-8'],
  [JSON_TYPE, ' ', 'the JSON body is malformed: value expected (line 1, column 2)'],
  [JSON_TYPE, '{"a": 1', 'the JSON body is malformed: close brace expected (line 1, column 8)'],
  [JSON_TYPE, '[1,\n2,]', 'the JSON body is malformed: value expected (line 2, column 3)'],
  [JSON_TYPE, '{"a": 1, "a": 2}', 'the JSON body has two members named "a" (line 1, column 10)'],
  [
    JSON_TYPE,
    deep('[', ']'),
    'the JSON body is nested more than 32 levels deep (line 1, column 33)',
  ],
  [XML, '<a>', 'the XML body is malformed: Missing end tag for element a (line 1, column 4)'],
  [XML, '<!DOCTYPE a><a/>', 'the XML body must not have a document type declaration'],
  [
    'text/xml',
    '<a>&lol;</a>',
    "the XML body is malformed: Named entity isn't defined: &lol; (line 1, column 4)",
  ],
  [XML, deep('<a>', '</a>'), 'the XML body is nested more than 32 levels deep'],
  [XML, Buffer.from('<a>\xff</a>', 'latin1'), 'the body is not valid UTF-8'],
  [URLENCODED, 'a=1&b=%zz', 'the form is not valid percent-encoded UTF-8'],
  [URLENCODED, 'a=%ff', 'the form is not valid percent-encoded UTF-8'],
]

for (const [type, payload, reason] of MALFORMED) {
  const shown = JSON.stringify(payload.toString()).slice(0, 30)
  t.test(`an upload of ${shown} as ${type} gets 400 with the position of the error`, (t) =>
    expectRefusal(
      t,
      { headers: { 'content-type': type }, payload },
      { status: 400, message: `Bad Request: ${reason}` },
    ),
  )
}

/** Forms that are truncated or have no boundary. */
const MALFORMED_FORMS = [
  { title: 'truncated after a part', type: FORM, payload: PART },
  { title: 'truncated in a part', type: FORM, payload: PART.slice(0, -6) },
  { title: 'without a part', type: FORM, payload: 'no part' },
  { title: 'without a boundary', type: 'multipart/form-data', payload: `${PART}--B--\r\n` },
]

for (const { title, type, payload } of MALFORMED_FORMS) {
  t.test(`a form ${title} gets 400`, (t) =>
    expectRefusal(
      t,
      { headers: { 'content-type': type }, payload },
      { status: 400, message: /^Bad Request: the multipart body is malformed: \S/ },
    ),
  )
}

/** Registers a route that accepts media types without a parser of their own, and returns the received body. */
const declaresTypes: FastifyPluginAsync = async (app) => {
  const data = { schema: Type.Object({ a: Type.Integer() }) }
  const content = { 'image/png': { schema: {} }, 'application/vnd.example+json': data }
  app.post('/declared', { schema: { body: { content } } }, async ({ body }) => ({ body }))
}

t.test(
  'if only the route declares a media type, the suffix of the type selects the parser',
  async (t) => {
    const app = await buildWith(t, declaresTypes)
    const post = async (type: string, payload: string) => {
      const headers = { 'content-type': type }
      const { statusCode, body } = await app.inject({
        method: 'POST',
        url: '/declared',
        headers,
        payload,
      })
      return { statusCode, body: JSON.parse(body) }
    }
    const image = Buffer.from('[]').toJSON()
    t.same(await post('image/png', '[]'), { statusCode: 200, body: { body: image } })
    const json = 'application/vnd.example+json'
    t.same(await post(json, '{"a":1}'), { statusCode: 200, body: { body: { a: 1 } } })
    t.match(await post(json, '{"a":"x"}'), { statusCode: 400, body: { message: /body\/a/ } })
    t.match(await post('image/gif', '[]'), { statusCode: 415 })
  },
)

for (const type of ['image/*', '*/*', 'Application/JSON', 'text/csv; charset=utf-8']) {
  t.test(`a body schema for ${type} is refused, since no request matches it`, async (t) => {
    const schema = { body: { content: { [type]: { schema: {} } } } }
    const start = buildWith(t, async (app) => void app.post('/a', { schema }, async () => 'a'))
    await t.rejects(start, {
      message: `POST /a: the body's content type "${type}" must be a media`,
    })
  })
}

for (const type of ['text/plain', 'application/octet-stream', JSON_TYPE, FORM]) {
  t.test(`an upload over BODY_LIMIT as ${type} gets 413`, (t) =>
    expectRefusal(
      t,
      { headers: { 'content-type': type }, payload: PART + PART },
      { status: 413, message: 'Content Too Large: the body is larger than 99 bytes' },
      { BODY_LIMIT: '99' },
    ),
  )
}

for (const { type, payload, what } of [
  { type: JSON_TYPE, payload: '[1,2]', what: 'JSON values' },
  { type: 'application/xml', payload: '<a><b/><b/></a>', what: 'XML elements and attributes' },
  { type: 'application/x-www-form-urlencoded', payload: 'a&b&c', what: 'form fields' },
]) {
  t.test(`a body with more than BODY_VALUES_LIMIT ${what} gets 413`, async (t) => {
    const app = await build(t, { BODY_VALUES_LIMIT: '2' })
    const headers = { 'content-type': type }
    const request = { method: 'POST', url: '/mirror', headers, payload } as const
    const { statusCode, body } = await app.inject(request)
    const message = `Content Too Large: the body has more than 2 ${what}`
    t.same([statusCode, JSON.parse(body).message], [413, message])
  })
}

t.test('a form with too many parts gets 413', (t) =>
  expectRefusal(
    t,
    { headers: { 'content-type': FORM }, payload: `${PART.repeat(101)}--B--\r\n` },
    { status: 413, message: 'Content Too Large: a form can have at most 100 parts' },
  ),
)

t.test('an upload of exactly BODY_LIMIT bytes is stored', async (t) => {
  const app = await build(t, { BODY_LIMIT: '5' })
  const headers = { 'content-type': 'text/plain' }
  const request = { method: 'POST', url: '/files', headers, payload: '12345' } as const
  await expectReply(t, app, request, { status: 201 })
  await expectReply(t, app, { url: '/files/1' }, { body: '12345' })
})

t.test(
  'a chunked body over BODY_LIMIT gets 413 at once, and the connection is closed',
  async (t) => {
    const app = await build(t, { BODY_LIMIT: '99' })
    const chunk = `32\r\n${'x'.repeat(50)}\r\n`
    const fields = 'Host: localhost\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked'
    const reply = await exchange(app, `POST /files HTTP/1.1\r\n${fields}\r\n\r\n${chunk}${chunk}`)
    t.equal(reply.status, 413)
    t.equal(reply.headers.connection, 'close')
    t.match(JSON.parse(reply.body), { status: 413 })
    t.equal(await app.store(createFileStore).find(1), undefined, 'nothing is stored')
  },
)

for (const coding of ['Identity', '', ' , ', 'identity, identity']) {
  t.test(`Content-Encoding: ${coding} is accepted`, async (t) => {
    const app = await build(t)
    const headers = { 'content-type': 'text/plain', 'content-encoding': coding }
    const request = { method: 'POST', url: '/files', headers, payload: 'x' } as const
    await expectReply(t, app, request, { status: 201 })
    await expectReply(t, app, { url: '/files/1' }, { body: 'x' })
  })
}

t.test('a number that a double cannot hold gets 400, and is stored as sent in bytes', async (t) => {
  const app = await build(t)
  const payload = '{"ids":[1,1234567890123456789]}'
  const headers = { 'content-type': JSON_TYPE }
  const request = { method: 'POST', headers, payload } as const
  const expected = 'from -9007199254740991 to 9007199254740991, or a string'
  await expectReply(
    t,
    app,
    { ...request, url: '/mirror' },
    {
      status: 400,
      body: {
        status: 400,
        message: `Bad Request: the JSON body has a number at /ids/1 that must be ${expected} (line 1, column 11)`,
        errors: [{ in: 'body', pointer: '/ids/1', message: `must be ${expected}` }],
      },
    },
  )
  await expectReply(t, app, { ...request, url: '/files' }, { status: 201 })
  await expectReply(t, app, { url: '/files/1' }, { body: payload })
})

t.test(
  'a route without a body schema accepts requests without a body, but refuses unknown media types',
  async (t) => {
    const app = await build(t)
    const mirror = { method: 'POST', url: '/mirror' } as const
    await expectReply(t, app, mirror, { body: 'POST: ' })
    const chunked = { ...mirror, headers: { 'transfer-encoding': 'chunked' } }
    for (const request of [
      { ...mirror, payload: 'x' },
      chunked,
      { ...mirror, headers: { 'content-type': 'image/png' }, payload: 'x' },
    ]) {
      await expectReply(t, app, request, { status: 415, headers: { accept: PARSED } })
    }
  },
)

t.test('Content-Type and Content-Encoding of GET and HEAD are ignored', async (t) => {
  const app = await build(t)
  const headers = { 'content-type': 'image/png', 'content-encoding': 'gzip' }
  for (const method of ['GET', 'HEAD'] as const) {
    await expectReply(t, app, { method, url: '/greeting', headers, payload: 'x' }, { status: 200 })
  }
})

t.test('a URL without a resource gets 404 before the Content-Type is checked', async (t) => {
  const app = await build(t)
  const headers = { 'content-type': 'image/png' }
  const request = { method: 'POST', url: '/nope', headers, payload: 'x' } as const
  await expectReply(t, app, request, { status: 404 })
})

t.test('no media type is negotiated for a request that matches no route', async (t) => {
  const app = fastify()
  t.teardown(() => app.close())
  await app.register(negotiation)
  const { statusCode } = await app.inject({ url: '/nowhere', headers: { accept: 'image/png' } })
  t.equal(statusCode, 404)
})
