import '../../fixtures/register.ts'
import t from 'tap'
import { build, createLog, expectReply } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'

const NO_STORE = { 'cache-control': 'no-store' }

t.test('GET /health/live returns alive', async (t) => {
  const app = await build(t)
  const type = 'text/plain; charset=utf-8'
  await expectReply(t, app, { url: '/health/live' }, { type, headers: NO_STORE, body: 'alive\n' })
  const request = { url: '/health/live', headers: { accept: 'application/json' } }
  await expectReply(t, app, request, { headers: NO_STORE, body: { status: 'alive' } })
})

testOnEachEngine('GET /health/ready returns ready and the passed checks', async (t) => {
  const app = await build(t)
  const type = 'text/plain; charset=utf-8'
  await expectReply(t, app, { url: '/health/ready' }, { type, headers: NO_STORE, body: 'ready\n' })
  const request = { url: '/health/ready', headers: { accept: 'application/json' } }
  const parts = { draining: 'pass', memory: 'pass', database: 'pass', migrations: 'pass' }
  await expectReply(t, app, request, { headers: NO_STORE, body: { status: 'ready', parts } })
})

t.test(
  'GET /health/ready returns 503 and the failed checks, in every media type of errors',
  async (t) => {
    const app = await build(t)
    for (const part of ['pump', 'valve']) app.addHealthCheck?.(part, async () => false)
    app.addHealthCheck?.('pipe', async () => true)
    const headers = { ...NO_STORE, 'retry-after': '1' }
    const message = 'Service Unavailable: not ready: pump, valve'
    const parts = {
      draining: 'pass',
      memory: 'pass',
      database: 'pass',
      migrations: 'pass',
      pump: 'fail',
      valve: 'fail',
      pipe: 'pass',
    }
    const expected = { status: 503, headers, body: { status: 503, message, parts } }
    await expectReply(t, app, { url: '/health/ready' }, expected)
    for (const [accept, found] of [
      ['application/problem+json', '"valve":"fail","pipe":"pass"'],
      ['application/xml', '<valve>fail</valve><pipe>pass</pipe>'],
    ] as const) {
      const { body } = await app.inject({ url: '/health/ready', headers: { accept } })
      t.ok(body.includes(found), accept)
    }
    const text = { url: '/health/ready', headers: { accept: 'text/plain' } }
    await expectReply(t, app, text, { ...expected, body: `503 ${message}\n` })
    await expectReply(t, app, { url: '/health/live' }, { body: 'alive\n' })
  },
)

t.test(
  'the health routes respond to HEAD, OPTIONS and other methods like other routes',
  async (t) => {
    const app = await build(t)
    for (const url of ['/health/live', '/health/ready']) {
      await expectReply(t, app, { method: 'HEAD', url }, { headers: NO_STORE, body: '' })
      const headers = { allow: 'GET, HEAD, OPTIONS' }
      await expectReply(t, app, { method: 'OPTIONS', url }, { status: 204, headers })
      await expectReply(t, app, { method: 'POST', url }, { status: 405, headers })
      const accept = { accept: 'image/png' }
      await expectReply(t, app, { url, headers: accept }, { status: 406 })
    }
  },
)

t.test('probes are logged only at level debug', async (t) => {
  for (const [level, count] of [
    ['info', 0],
    ['debug', 2],
  ] as const) {
    const log = createLog()
    const app = await build(t, { LOG_LEVEL: level }, { logDestination: log })
    for (const url of ['/health/live', '/health/ready']) await expectReply(t, app, { url }, {})
    t.equal(log.lines.filter(({ msg }) => msg === 'request completed').length, count, level)
  }
})
