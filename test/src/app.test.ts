import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { parseConfig } from '../../src/config.ts'
import { build, buildWith, createLog, expectReply } from '../app.ts'
import { connectTo, readAll } from '../socket.ts'
import '../fixtures/register.ts'
import { createNoteStore } from '../fixtures/resources/notes/store.ts'

t.test('an `authenticate` of its own replaces the accounts', async (t) => {
  const app = await build(
    t,
    {},
    {
      authenticate: async (credentials) =>
        credentials.scheme === 'Bearer' && credentials.token === 'mine'
          ? { name: 'me', scopes: [] }
          : undefined,
    },
  )
  const get = (authorization: string) => ({ url: '/vault', headers: { authorization } })
  await expectReply(t, app, get('Bearer mine'), { status: 200 })
  await expectReply(t, app, get('Bearer secret-token'), { status: 401 })
  await expectReply(t, app, get('Basic YWRtaW46c2VjcmV0'), { status: 401 })
})

t.test('the option `logDestination` replaces LOG_FILE', async (t) => {
  const log = createLog()
  const file = join(t.testdir(), 'app.log')
  const app = await build(t, { LOG_FILE: file }, { logDestination: log })
  await expectReply(t, app, { url: '/journal' }, { status: 200 })
  t.match(log.lines, [{ level: 'info', msg: 'a note' }])
})

t.test('KEEP_ALIVE_TIMEOUT is the time that an idle connection stays open', async (t) => {
  const app = await build(t, { KEEP_ALIVE_TIMEOUT: '1000' })
  const socket = await connectTo(app)
  socket.write('GET /greeting HTTP/1.1\r\nHost: localhost\r\n\r\n')
  t.match(await readAll(socket), /\r\nKeep-Alive: timeout=1, max=1000\r\n/, 'the service closes it')
})

t.test('two apps in one process do not share any state', async (t) => {
  const logs = [createLog(), createLog()] as const
  const one = await build(t, { AUTH_REALM: 'One' }, { logDestination: logs[0] })
  const two = await build(t, { AUTH_REALM: 'Two', BODY_LIMIT: '3' }, { logDestination: logs[1] })
  const headers = { 'content-type': 'text/plain' }
  const message = { method: 'POST', url: '/files', headers, payload: 'hello' } as const
  await expectReply(t, one, message, { status: 201 })
  await expectReply(t, two, message, { status: 413 })
  await expectReply(t, one, { url: '/files/1' }, { body: 'hello' })
  await expectReply(t, two, { url: '/files/1' }, { status: 404 })
  for (const [app, realm] of [
    [one, 'One'],
    [two, 'Two'],
  ] as const) {
    const challenges = [`Basic realm="${realm}", charset="UTF-8"`, `Bearer realm="${realm}"`]
    const headers = { 'www-authenticate': challenges }
    await expectReply(t, app, { url: '/vault' }, { status: 401, headers })
  }
  t.equal(logs[0].lines.length, 3)
  t.equal(logs[1].lines.length, 3)
  await one.close()
  await expectReply(t, two, { url: '/notes/123' }, { status: 200 })
})

t.test('an app can be embedded, closed, and built again from the same configuration', async (t) => {
  const config = parseConfig({ DATABASE_URL: 'sqlite::memory:' })
  for (const name of ['first', 'second']) {
    const app = await buildApp(config, { logDestination: createLog() })
    const reply = await app.inject(`/greeting?name=${name}`)
    t.equal(reply.body, `Hello ${name}`)
    await app.close()
  }
  t.same(
    config,
    parseConfig({ DATABASE_URL: 'sqlite::memory:' }),
    'the configuration is not changed',
  )
})

t.test('close() waits for requests in flight, and closes idle connections', async (t) => {
  const events = new EventEmitter()
  const app = await buildWith(t, async (app) => {
    app.get('/waits', async () => {
      const released = once(events, 'release')
      events.emit('waiting')
      await released
      const found = await app.store(createNoteStore).find(123)
      return { author: found?.note.author }
    })
  })
  const waiting = once(events, 'waiting')
  const idle = await connectTo(app)
  const idleText = readAll(idle)
  idle.write('GET /greeting HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(idle, 'data')

  const busy = await connectTo(app)
  const busyText = readAll(busy)
  busy.write('GET /waits HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await waiting
  const closed = app.close()
  t.match(await idleText, 'Hello World', 'the idle connection is closed after its response')
  events.emit('release')
  const text = await busyText
  t.match(text, '{"author":"An author"}', 'the request in flight gets its response')
  t.match(text, /^connection: close\r$/m, 'the response closes the connection')
  await closed
})

t.test('the start has no time limit, since a migration may take long', async (t) => {
  const { initialConfig } = await build(t)
  t.equal(initialConfig.pluginTimeout, 0, 'the start has no time limit')
})
