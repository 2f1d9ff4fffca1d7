import type { FastifyPluginAsync } from 'fastify'
import t from 'tap'
import { DEBUG_PAGE_POLICY } from '../../src/http/security-fields.ts'
import { build, buildWith, createLog, expectReply } from '../app.ts'
import { expectPage, textIn } from '../page.ts'
import '../fixtures/register.ts'

const HTML = 'text/html; charset=utf-8'

/** Expected type and policies of the debug page. It has inline styles and scripts, and no forms. */
const PAGE = {
  type: HTML,
  headers: { 'content-security-policy': DEBUG_PAGE_POLICY, 'referrer-policy': 'no-referrer' },
}

const failing: FastifyPluginAsync = async (app) => {
  app.get('/fails', async () => {
    throw new TypeError('<b>no</b> such thing')
  })
  app.get('/down', async () => {
    throw app.httpErrors.serviceUnavailable('the database is down')
  })
  app.get('/text', async () => {
    throw 'not an error'
  })
  app.get('/nothing', async () => {
    throw undefined
  })
  app.get('/coded', async () => {
    throw Object.assign(new Error('coded'), { code: '<b>' })
  })
}

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

t.test('with DEBUG the page of an unexpected error shows message, stack and source', async (t) => {
  const log = createLog()
  const app = await buildWith(t, failing, { DEBUG: 'true' }, { logDestination: log })
  const request = { url: '/fails', headers: BROWSER }
  const { body } = await expectReply(t, app, request, { status: 500, ...PAGE })
  t.match(body, /no.*such thing/, 'the page shows the message')
  t.match(body, 'TypeError', 'the page shows the name')
  t.match(body, /debug\.test\.ts:\d+/, 'the page shows the position')
  t.match(
    body.replace(/<[^>]*>/g, ''),
    'const failing: FastifyPluginAsync',
    'the page shows the source',
  )
  t.notMatch(body, '<b>no</b> such', 'the page shows the message as text, not as markup')
  t.match(log.lines, [{ msg: 'request failed', err: { type: 'TypeError' } }], 'the error is logged')
})

t.test('with DEBUG every error page shows the trace', async (t) => {
  const app = await buildWith(t, failing, { DEBUG: 'true' })
  for (const [url, trace] of [
    ['/fails', ['target="/fails"', 'route="/fails"', 'error="TypeError"', 'status=500']],
    ['/notes/4', ['target="/notes/4"', 'route="/notes/:noteId"', 'valid=("params")', 'status=404']],
    ['/nope', ['target="/nope"', 'route=?0;allow=""', 'status=404']],
    ['/coded', ['error="&lt;b&gt;"', 'status=500']],
    ['/%ff', ['target="/%ff"', 'error="FST_ERR_BAD_URL"', 'status=400']],
  ] as const) {
    const { body } = await app.inject({ url, headers: BROWSER })
    const shown = body.replaceAll('&quot;', '"')
    for (const member of trace) t.ok(shown.includes(member), `${url}: ${member}`)
  }
})

t.test('with DEBUG any thrown value gets a page with the status of the response', async (t) => {
  const app = await buildWith(t, failing, { DEBUG: 'true' })
  const down = await expectReply(
    t,
    app,
    { url: '/down', headers: BROWSER },
    { status: 503, ...PAGE },
  )
  t.match(down.body, 'the database is down')
  const text = await expectReply(
    t,
    app,
    { url: '/text', headers: BROWSER },
    { status: 500, ...PAGE },
  )
  t.match(text.body, 'not an error')
})

t.test('the debug page shows no header fields of the request', async (t) => {
  const app = await buildWith(t, failing, { DEBUG: 'true' })
  // The page shows the source of this file, so the values must not be literals in the source.
  const values = ['authorization', 'cookie', 'x-api-key', 'user-agent'].map((name) => [
    name,
    Buffer.from(`value of ${name}`).toString('hex'),
  ])
  const headers = { ...BROWSER, ...Object.fromEntries(values) }
  const { body } = await expectReply(t, app, { url: '/fails', headers }, { status: 500, ...PAGE })
  for (const [name = '', value = ''] of values)
    t.notMatch(body, value, `the page does not show ${name}`)
})

t.test(
  'media types other than HTML show name and message of an unexpected error only with DEBUG',
  async (t) => {
    const message = 'Internal Server Error: TypeError: <b>no</b> such thing'
    const shown: Record<string, string | object> = {
      'application/json': { status: 500, message },
      '*/*': { status: 500, message },
      'application/problem+json': { detail: 'TypeError: <b>no</b> such thing' },
      'application/xml': /: TypeError: &lt;b(>|&gt;)no&lt;/,
      'text/plain': `500 ${message}\n`,
    }
    const debugged = await buildWith(t, failing, { DEBUG: 'true' })
    const usual = await buildWith(t, failing)
    for (const [accept, expected] of Object.entries(shown)) {
      const request = { url: '/fails', headers: { accept } }
      const { body, headers } = await expectReply(t, debugged, request, { status: 500 })
      const isJson = String(headers['content-type']).includes('json')
      t.match(isJson ? JSON.parse(body) : body, expected, accept)
      const { body: hidden } = await expectReply(t, usual, request, { status: 500 })
      t.notMatch(hidden, 'such thing', `${accept} without DEBUG`)
    }
  },
)

t.test('with DEBUG any thrown value has a message', async (t) => {
  const app = await buildWith(t, failing, { DEBUG: 'true' })
  for (const [url, status, message] of [
    ['/down', 503, 'Service Unavailable: ServiceUnavailableError: the database is down'],
    ['/text', 500, "Internal Server Error: 'not an error'"],
    ['/nothing', 500, 'Internal Server Error: undefined'],
  ] as const) {
    await expectReply(t, app, { url }, { status, body: { status, message } })
  }
})

t.test('with DEBUG an expected error has the usual page, without source', async (t) => {
  const app = await build(t, { DEBUG: 'true' })
  for (const [method, url, status] of [
    ['GET', '/nope', 404],
    ['GET', '/notes/x', 400],
    ['GET', '/vault', 401],
    ['TRACE', '/greeting', 501],
  ] as const) {
    const expected = { status, type: HTML }
    const { body } = await expectReply(t, app, { method, url, headers: BROWSER }, expected)
    t.match(textIn(body, 'h1'), new RegExp(`^${status} [\\w ]+$`))
    t.notMatch(body, /\.ts:\d/)
  }
})

for (const DEBUG of ['', 'false']) {
  t.test(`with DEBUG=${DEBUG} the page of an unexpected error shows no details`, async (t) => {
    const app = await buildWith(t, failing, { DEBUG })
    const request = { url: '/fails', headers: BROWSER }
    const { body } = await expectReply(t, app, request, { status: 500, type: HTML })
    expectPage(t, body, ['500 Internal Server Error', 'Internal Server Error'])
    t.notMatch(body, /such thing|TypeError|debug\.test|status=500/)
    t.equal(app.renderDebugPage, undefined, 'the module that renders the debug page is not loaded')
  })
}
