import t from 'tap'
import { parse } from 'yaml'
import { build, expectReply } from '../../app.ts'

const CACHED = { 'cache-control': 'no-cache' }

t.test(
  'GET /openapi.json returns the document as application/json or the OpenAPI media type',
  async (t) => {
    const app = await build(t)
    const url = '/openapi.json'
    const json = 'application/json; charset=utf-8'
    const { etag } = (await expectReply(t, app, { url }, { type: json, headers: CACHED })).headers
    const openApiType = 'application/vnd.oai.openapi+json;version=3.1'
    for (const accept of [openApiType, 'application/vnd.oai.openapi+json']) {
      const reply = await expectReply(t, app, { url, headers: { accept } }, { type: openApiType })
      t.same(reply.json(), app.openApiDocument())
      t.equal(reply.headers.etag, etag)
    }
    await expectReply(t, app, { url, headers: { accept: 'application/yaml' } }, { status: 406 })
  },
)

t.test('GET /openapi.yaml returns the same document as YAML', async (t) => {
  const app = await build(t)
  const expected = { type: 'application/yaml', headers: CACHED }
  const reply = await expectReply(t, app, { url: '/openapi.yaml' }, expected)
  t.same(parse(reply.body), app.openApiDocument())
})

t.test('the OpenAPI document supports If-None-Match and If-Match', async (t) => {
  const app = await build(t)
  for (const url of ['/openapi.json', '/openapi.yaml']) {
    const { etag } = (await app.inject(url)).headers
    const reply = await app.inject({ url, headers: { 'if-none-match': String(etag) } })
    t.equal(reply.statusCode, 304)
    t.equal(reply.body, '')
    await expectReply(t, app, { url, headers: { 'if-match': '"1"' } }, { status: 412 })
    await expectReply(t, app, { url, headers: { 'if-match': '1' } }, { status: 400 })
  }
})

t.test('the OpenAPI document is sent compressed', async (t) => {
  const app = await build(t)
  for (const url of ['/openapi.json', '/openapi.yaml']) {
    const reply = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } })
    t.equal(reply.headers['content-encoding'], 'gzip')
    t.ok(reply.rawPayload.length < 20_000, `${reply.rawPayload.length} bytes`)
  }
})
