import t from 'tap'
import { CONSOLE_FILES } from '../../../plugins/html-pages/static-files.ts'
import { build, expectReply } from '../../app.ts'
import '../../fixtures/register.ts'

t.test(
  'GET /docs returns the console, whose policy allows only scripts of this service',
  async (t) => {
    const app = await build(t)
    const { body, headers } = await app.inject('/docs')
    t.equal(headers['content-type'], 'text/html; charset=utf-8')
    const integrities = [...body.matchAll(/ integrity="([^"]+)"/g)].map(([, each]) => `'${each}'`)
    t.equal(integrities.length, 2)
    t.equal(
      headers['content-security-policy'],
      [
        "default-src 'none'",
        `script-src ${integrities.join(' ')}`,
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
    )
    t.match(body, 'data-openapi="/openapi.json"')
    t.notMatch(body, /<script>|<style>| on\w+=| style=|https?:/)
    const accept = 'application/json'
    await expectReply(t, app, { url: '/docs', headers: { accept } }, { status: 406 })
  },
)

t.test(
  'the URLs of stylesheets and scripts in the console contain the digest of the file',
  async (t) => {
    const app = await build(t)
    const { body } = await app.inject('/docs')
    const urls = [...body.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)].map(([, url]) => url)
    t.strictSame(
      urls,
      CONSOLE_FILES.map(({ path }) => path),
    )
  },
)

t.test('unknown paths below /docs get 404, and unsupported methods get 405', async (t) => {
  const app = await build(t)
  for (const url of [
    '/docs/',
    '/docs/0/other.js',
    '/docs//console.js',
    '/docs/..%2fpackage.json',
  ]) {
    await expectReply(t, app, { url }, { status: 404 })
  }
  const refused = { status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } }
  await expectReply(t, app, { method: 'POST', url: '/docs' }, refused)
})

t.test('the console is not in the OpenAPI document', async (t) => {
  const app = await build(t)
  await app.ready()
  t.notOk(Object.keys(app.openApiDocument().paths).some((path) => path.startsWith('/docs')))
})

t.test('without the plugin openapi, there is no console', async (t) => {
  const app = await build(t, {}, { without: ['openapi'] })
  for (const url of ['/docs', String(CONSOLE_FILES[0]?.path)]) {
    t.equal((await app.inject(url)).statusCode, 404)
  }
})
