import fastify from 'fastify'
import t from 'tap'
import metricsRoutes from '../../../plugins/metrics/routes.ts'
import { buildAdminApp } from '../../../src/admin-app.ts'
import { ACCOUNT, build, expectReply } from '../../app.ts'
import '../../fixtures/register.ts'

const TEXT = 'text/plain; version=0.0.4; charset=utf-8'
const OPEN = 'application/openmetrics-text; version=1.0.0; charset=utf-8'
const NO_STORE = { 'cache-control': 'no-store' }

/** Accept field that Prometheus 3 sends. */
const PROMETHEUS_3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,' +
  'application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;' +
  'escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1'

const ACCEPTED: [accept: string | undefined, type: string][] = [
  [undefined, TEXT],
  ['*/*', TEXT],
  ['text/plain', TEXT],
  ['text/plain;version=0.0.4', TEXT],
  [PROMETHEUS_3, OPEN],
  ['application/openmetrics-text;version=1.0.0;escaping=underscores', OPEN],
  ['text/plain;version=0.0.4;escaping=values', TEXT],
  ['text/plain;unknown=1', TEXT],
  ['*', TEXT],
  ['application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=.2', TEXT],
  ['application/openmetrics-text', OPEN],
  ['application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.3', OPEN],
]

for (const [accept, type] of ACCEPTED) {
  t.test(`GET /metrics with Accept: ${accept} returns ${type}`, async (t) => {
    const app = await build(t)
    const headers = accept === undefined ? {} : { accept }
    const expected = { type, headers: NO_STORE }
    const { body } = await expectReply(t, app, { url: '/metrics', headers }, expected)
    t.equal(body.endsWith('# EOF\n'), type === OPEN)
    t.match(body, /^# TYPE nodejs_gc_duration_seconds histogram$/m)
  })
}

t.test('a scrape in one format does not change the metric names in another format', async (t) => {
  const app = await build(t)
  for (const accept of [TEXT, OPEN, TEXT]) {
    const { body } = await app.inject({ url: '/metrics', headers: { accept } })
    t.match(body, /^process_cpu_seconds_total \d/m, accept)
  }
})

t.test('/metrics returns 406 and 405 like other routes', async (t) => {
  const app = await build(t)
  const headers = { accept: 'application/json' }
  await expectReply(t, app, { url: '/metrics', headers }, { status: 406 })
  const allow = { allow: 'GET, HEAD, OPTIONS' }
  await expectReply(t, app, { method: 'POST', url: '/metrics' }, { status: 405, headers: allow })
})

const AUTH_TOKENS = `someone::${'0'.repeat(64)}`

const NOT_ON_PORT: Record<string, string>[] = [
  { HOST: '0.0.0.0', AUTH_TOKENS },
  { AUTH_TOKENS },
  { ...ACCOUNT, TRUST_PROXY: '127.0.0.1' },
  ACCOUNT,
  { ADMIN_PORT: '9464' },
]

for (const environment of NOT_ON_PORT) {
  t.test(`with ${Object.keys(environment)}, PORT does not serve metrics`, async (t) => {
    const app = await build(t, environment)
    await expectReply(t, app, { url: '/metrics' }, { status: 404 })
    await expectReply(t, app, { method: 'POST', url: '/metrics' }, { status: 404 })
    await expectReply(t, app, { url: '/health/ready' }, { body: 'ready\n' })
  })
}

t.test('with an `authenticate` of its own, PORT does not serve metrics', async (t) => {
  const app = await build(t, {}, { authenticate: async () => undefined })
  await expectReply(t, app, { url: '/metrics' }, { status: 404 })
})

t.test(
  'a misspelled option is refused, because the default would serve metrics to clients',
  async (t) => {
    const app = fastify()
    t.teardown(() => app.close())
    const options: object = { onClientport: false }
    await t.rejects(async () => app.register(metricsRoutes, options), {
      message: 'metrics/routes: option onClientport is unknown; options: onClientPort',
    })
  },
)

t.test('ADMIN_PORT serves only health and metrics', async (t) => {
  const app = await build(t, { ADMIN_PORT: '9464' })
  const admin = await buildAdminApp(app)
  app.addHealthCheck?.('pump', async () => false)
  await app.inject('/greeting')
  const { body } = await expectReply(t, admin, { url: '/metrics' }, { type: TEXT })
  t.match(
    body,
    /^http_request_duration_seconds_count{method="GET",route="\/greeting",status="200"} 1$/m,
  )
  await expectReply(t, admin, { url: '/health/live' }, { body: 'alive\n' })
  const message = 'Service Unavailable: not ready: pump'
  const parts = {
    draining: 'pass',
    memory: 'pass',
    database: 'pass',
    migrations: 'pass',
    pump: 'fail',
  }
  const unready = { status: 503, body: { status: 503, message, parts } }
  await expectReply(t, admin, { url: '/health/ready' }, unready)
  for (const url of ['/', '/greeting', '/notes/123', '/vault']) {
    await expectReply(t, admin, { url }, { status: 404 })
  }
  await expectReply(t, admin, { method: 'PUT', url: '/health/live' }, { status: 501 })
  const headers = { accept: 'image/png' }
  await expectReply(t, admin, { url: '/metrics', headers }, { status: 406 })
})
