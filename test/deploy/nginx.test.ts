import { spawnSync } from 'node:child_process'
import t from 'tap'
import { argumentsFor } from '../nginx.ts'
import { env } from '../program.ts'
import { skipUnless } from '../requirement.ts'
import { startFakes } from './fake-replicas.ts'

const skip = skipUnless('nginx')

t.test('nginx accepts the configuration', { skip }, async (t) => {
  const replicas = ['127.0.0.1:1', '127.0.0.1:2', '127.0.0.1:3']
  const { status, stderr } = spawnSync('nginx', ['-t', ...argumentsFor(t, 8080, replicas)], {
    env,
    encoding: 'utf8',
  })
  t.equal(status, 0, stderr)
  t.notMatch(stderr, '[warn]')
})

t.test(
  'nginx forwards Host unchanged, and returns the response of the service',
  { skip },
  async (t) => {
    const { ask, received } = await startFakes(t)
    const reply = await ask('GET', { host: 'api.example:8080' })
    t.match(reply, { status: 405, body: '{"status":405}', headers: { allow: 'GET' } })
    t.match(received()[0]?.headers, { host: 'api.example:8080' })
  },
)

t.test(
  'nginx chooses the request id, and passes on the id of the client beside it',
  { skip },
  async (t) => {
    const { ask, received } = await startFakes(t)
    await ask('GET')
    await ask('GET', { 'x-request-id': 'mine-1', 'x-client-request-id': 'forged' })
    const [without, claimed] = received().map(({ headers }) => headers)
    t.match(without?.['x-request-id'], /^[0-9a-f]{32}$/)
    t.notOk('x-client-request-id' in Object(without))
    t.match(claimed?.['x-request-id'], /^[0-9a-f]{32}$/)
    t.equal(claimed?.['x-client-request-id'], 'mine-1')
  },
)

t.test('nginx replaces the forwarding fields of clients', { skip }, async (t) => {
  const { ask, received } = await startFakes(t)
  await ask('GET', {
    'x-forwarded-for': '192.0.2.1',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.example',
    forwarded: 'for=192.0.2.1',
  })
  const { headers = {} } = received()[0] ?? {}
  t.equal(headers['x-forwarded-for'], '127.0.0.1')
  t.equal(headers['x-forwarded-proto'], 'http')
  t.notOk('x-forwarded-host' in headers)
  t.notOk('forwarded' in headers)
})

t.test('nginx reuses its connections to the replicas', { skip }, async (t) => {
  const { ask, replicas, received } = await startFakes(t)
  for (let i = 0; i < 30; i++) await ask('GET')
  t.equal(received().length, 30)
  const connections = replicas.reduce((sum, replica) => sum + replica.connections, 0)
  // Each worker process of nginx has its own connections.
  t.ok(connections < 15, `30 requests opened ${connections} connections`)
})

t.test(
  'nginx forwards bodies over the limit, so that the service itself responds to them',
  { skip },
  async (t) => {
    const { ask, received } = await startFakes(t)
    t.equal((await ask('POST', {}, 'a'.repeat(1_500_000))).status, 405)
    t.equal(received()[0]?.length, 1_500_000)
  },
)

for (const [method, times] of [
  ['GET', 'on the next replica'],
  ['PUT', 'on the next replica'],
  ['DELETE', 'on the next replica'],
  ['POST', 'not at all'],
  ['PATCH', 'not at all'],
] as const) {
  t.test(`nginx retries ${method} ${times} if the connection is cut`, { skip }, async (t) => {
    const { ask, replicas, received } = await startFakes(t)
    for (const replica of replicas.slice(0, 2)) replica.isCutting = true
    const body = method === 'GET' ? '' : 'body'
    const replies = []
    for (let i = 0; i < 3; i++) replies.push(await ask(method, {}, body))
    const failed = replies.filter(({ status }) => status === 503).length
    if (times === 'not at all') {
      t.ok(failed > 0)
      t.equal(received().length, 3, 'each request was sent once')
    } else t.equal(failed, 0)
  })
}

t.test('nginx sends POST to the next replica if a replica does not listen', { skip }, async (t) => {
  const { ask, replicas } = await startFakes(t)
  for (const { server } of replicas.slice(0, 2)) server.close().closeAllConnections()
  for (let i = 0; i < 6; i++) t.equal((await ask('POST', {}, 'body')).status, 405)
})

t.test(
  'nginx responds with 503 in the format of the service if no replica listens',
  { skip },
  async (t) => {
    const { ask, replicas } = await startFakes(t)
    for (const { server } of replicas) server.close().closeAllConnections()
    const { status, headers, body } = await ask('GET')
    t.equal(status, 503)
    t.strictSame(JSON.parse(body), { status: 503, message: 'Service Unavailable' })
    t.match(headers, {
      'content-type': 'application/json',
      'retry-after': '1',
      'cache-control': 'no-store',
    })
  },
)
