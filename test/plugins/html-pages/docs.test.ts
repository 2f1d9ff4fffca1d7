import t from 'tap'
import { build, expectReply } from '../../app.ts'

const HTML = 'text/html; charset=utf-8'
const FOREVER = { 'cache-control': 'public, max-age=31536000, immutable' }

t.test('GET /docs gives the console, which runs nothing but files of this origin', async (t) => {
  const app = await build(t)
  const { body, headers } = await app.inject('/docs')
  t.equal(headers['content-type'], HTML)
  const integrities = [...body.matchAll(/ integrity="([^"]+)"/g)].map(([, each]) => `'${each}'`)
  t.equal(integrities.length, 2)
  t.match(headers['content-security-policy'], `script-src ${integrities.join(' ')};`)
  t.notMatch(headers['content-security-policy'], /unsafe|https?:|\*/)
  t.match(body, 'data-contract="/openapi.json"')
  t.notMatch(body, /<script>|<style>| on\w+=| style=|https?:/)
  const accept = 'application/json'
  await expectReply(t, app, { url: '/docs', headers: { accept } }, { status: 406 })
})

t.test('what the console loads may be kept for ever', async (t) => {
  const app = await build(t)
  const { body } = await app.inject('/docs')
  const urls = [...body.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, url]) => `/${url}`)
  t.equal(urls.length, 4)
  for (const url of urls) {
    const kind = url.endsWith('.css') ? 'css' : 'javascript'
    const expected = { type: `text/${kind}; charset=utf-8`, headers: FOREVER }
    const reply = await expectReply(t, app, { url }, expected)
    t.ok(reply.rawPayload.length > 0)
    const head = await app.inject({ method: 'HEAD', url })
    t.equal(head.headers['content-length'], String(reply.rawPayload.length))
    const tag = { 'if-none-match': String(reply.headers.etag) }
    const known = await app.inject({ url, headers: tag })
    t.equal(known.statusCode, 304)
    t.equal(known.body, '')
  }
})

t.test('under the console there is nothing else', async (t) => {
  const app = await build(t)
  for (const url of ['/docs/', '/docs/0/console.js', '/docs/..%2fpackage.json']) {
    await expectReply(t, app, { url }, { status: 404 })
  }
  const refused = { status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } }
  await expectReply(t, app, { method: 'POST', url: '/docs' }, refused)
})

t.test('the console is no part of the contract', async (t) => {
  const app = await build(t)
  await app.ready()
  t.notOk(Object.keys(app.openApiDocument().paths).some((path) => path.startsWith('/docs')))
})
