import t from 'tap'
import { parse } from 'yaml'
import { build, expectReply } from '../../app.ts'

const CACHED = { 'cache-control': 'no-cache' }

t.test(
  'GET /openapi.json gives the contract as JSON, and under the name that OpenAPI has',
  async (t) => {
    const app = await build(t)
    const url = '/openapi.json'
    const json = 'application/json; charset=utf-8'
    const { etag } = (await expectReply(t, app, { url }, { type: json, headers: CACHED })).headers
    const named = 'application/vnd.oai.openapi+json;version=3.1'
    for (const accept of [named, 'application/vnd.oai.openapi+json']) {
      const reply = await expectReply(t, app, { url, headers: { accept } }, { type: named })
      t.same(reply.json(), app.contract())
      t.equal(reply.headers.etag, etag)
    }
    await expectReply(t, app, { url, headers: { accept: 'application/yaml' } }, { status: 406 })
  },
)

t.test('GET /openapi.yaml gives the same as YAML', async (t) => {
  const app = await build(t)
  const expected = { type: 'application/yaml', headers: CACHED }
  const reply = await expectReply(t, app, { url: '/openapi.yaml' }, expected)
  t.same(parse(reply.body), app.contract())
})

t.test('whoever has the contract gets 304', async (t) => {
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

t.test('the contract is sent compressed', async (t) => {
  const app = await build(t)
  for (const url of ['/openapi.json', '/openapi.yaml']) {
    const reply = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } })
    t.equal(reply.headers['content-encoding'], 'gzip')
    t.ok(reply.rawPayload.length < 20_000, `${reply.rawPayload.length} octets`)
  }
})
