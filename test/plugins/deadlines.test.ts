import { EventEmitter, once } from 'node:events'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { buildWith, createLog, expectReply } from '../app.ts'
import { connectTo, exchange, readAll } from '../socket.ts'
import '../fixtures/register.ts'

const NOT_READY = {
  status: 503,
  message: 'Service Unavailable: the response was not ready in time',
}

for (const method of ['GET', 'POST'] as const) {
  t.test(`a ${method} gets 503 after REPLY_TIMEOUT, and its deadline is aborted`, async (t) => {
    const log = createLog()
    const work = new EventEmitter()
    const app = await buildWith(
      t,
      async (app) => {
        app.route({
          method,
          url: '/waits',
          handler: async ({ deadline }) => {
            await once(deadline, 'abort')
            work.emit('aborted')
            return 'too late'
          },
        })
      },
      { REPLY_TIMEOUT: '30' },
      { logDestination: log },
    )
    const aborted = once(work, 'aborted')
    const headers = { 'content-type': 'text/plain' }
    const payload = method === 'POST' ? { payload: 'hello', headers } : {}
    await expectReply(
      t,
      app,
      { method, url: '/waits', ...payload },
      { status: 503, headers: { 'retry-after': '1' }, body: NOT_READY },
    )
    await aborted
    t.match(
      log.lines.filter(({ level }) => level === 'error'),
      [{ msg: 'response not ready in time', route: '/waits' }],
    )
  })
}

t.test('a handler that throws after the deadline does not change the 503', async (t) => {
  const app = await buildWith(
    t,
    async (app) => {
      app.get('/waits', async ({ deadline }) => {
        await once(deadline, 'abort')
        throw new Error('late')
      })
    },
    { REPLY_TIMEOUT: '30' },
  )
  await expectReply(t, app, { url: '/waits' }, { status: 503, body: NOT_READY })
})

t.test('a hook that waits too long causes a 503', async (t) => {
  const app = await buildWith(
    t,
    async (app) => {
      app.addHook('onRequest', async () => new Promise(() => {}))
      app.get('/waits', async () => 'never')
    },
    { REPLY_TIMEOUT: '30' },
  )
  await expectReply(t, app, { url: '/waits' }, { status: 503, body: NOT_READY })
})

t.test('REPLY_TIMEOUT begins when the body has arrived', async (t) => {
  const app = await buildWith(t, async () => {}, { REPLY_TIMEOUT: '30', REQUEST_TIMEOUT: '5000' })
  const socket = await connectTo(app)
  const text = readAll(socket)
  const fields = 'Host: h\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 5'
  socket.write(`POST /files HTTP/1.1\r\n${fields}\r\n\r\nhe`)
  await sleep(100)
  socket.write('llo')
  t.match(await text, /^HTTP\/1\.1 201 /)
})

t.test('the connection of a client that does not read is reset', async (t) => {
  const log = createLog()
  const ends = new EventEmitter()
  const cut = once(ends, 'cut')
  const app = await buildWith(
    t,
    async (app) => {
      app.addHook('onRequest', async ({ socket }) => {
        socket.once('close', () => ends.emit('cut'))
      })
      app.get('/large', async () => 'a'.repeat(20_000_000))
    },
    { REPLY_TIMEOUT: '50' },
    { logDestination: log },
  )
  const socket = await connectTo(app)
  socket.pause()
  socket.write('GET /large HTTP/1.1\r\nHost: h\r\n\r\n')
  await cut
  const errors: Error[] = []
  socket.on('error', (error) => errors.push(error))
  const reading = readAll(socket)
  socket.resume()
  const text = await reading
  t.ok(text.length < 20_000_000, 'the client receives only a part of the response')
  t.match(errors, [{ code: 'ECONNRESET' }], 'the connection is reset')
  t.match(
    log.lines.filter(({ msg }) => msg === 'response not received in time'),
    [{ level: 'info' }],
  )
})

t.test('REPLY_TIMEOUT begins anew when the response is sent', async (t) => {
  const large = 'a'.repeat(20_000_000)
  const app = await buildWith(
    t,
    async (app) => {
      app.get('/late', async () => {
        await sleep(2_000)
        return large
      })
    },
    { REPLY_TIMEOUT: '3000' },
  )
  const socket = await connectTo(app)
  socket.write('GET /late HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
  await once(socket, 'readable')
  await sleep(1_500)
  t.ok((await readAll(socket)).endsWith(large))
})

t.test('the connection is closed if the stream of a response stalls', async (t) => {
  const log = createLog()
  const stream = new PassThrough()
  const app = await buildWith(
    t,
    async (app) => {
      app.get('/stream', (_request, reply) => reply.send(stream))
    },
    { REPLY_TIMEOUT: '50' },
    { logDestination: log },
  )
  stream.write('a chunk')
  const { status, body } = await exchange(app, 'GET /stream HTTP/1.1\r\nHost: h\r\n\r\n')
  t.equal(status, 200)
  t.match(body, /a chunk/)
  t.notMatch(body, /\r\n0\r\n/, 'the response has no last chunk, so it is incomplete')
  const troubles = log.lines.filter(({ level }) => level !== 'info')
  t.same(troubles, [], 'no second response is attempted')
})

t.test('the deadline of a request is aborted if the client disconnects', async (t) => {
  const work = new EventEmitter()
  const app = await buildWith(t, async (app) => {
    app.post('/waits', async (request) => {
      const { deadline } = request
      t.equal(deadline.aborted, false)
      t.equal(request.deadline, deadline, 'each access returns the same signal')
      work.emit('begun')
      await once(deadline, 'abort')
      work.emit('aborted')
    })
  })
  const begun = once(work, 'begun')
  const aborted = once(work, 'aborted')
  const socket = await connectTo(app)
  const fields = 'Host: h\r\nContent-Type: text/plain\r\nContent-Length: 5'
  socket.write(`POST /waits HTTP/1.1\r\n${fields}\r\n\r\nhello`)
  await begun
  socket.destroy()
  await aborted
  t.pass('the handler sees that the signal is aborted')
})

t.test('the deadlines of finished requests leave no listeners on the connection', async (t) => {
  const app = await buildWith(t, async (app) => {
    app.get('/count', async ({ deadline, socket }) => {
      t.notOk(deadline.aborted)
      return `${socket.listenerCount('close')} listeners`
    })
  })
  const socket = await connectTo(app)
  const counts: (string | undefined)[] = []
  for (let count = 0; count < 12; count++) {
    socket.write('GET /count HTTP/1.1\r\nHost: h\r\n\r\n')
    const [response] = await once(socket, 'data')
    counts.push(/\d+ listeners/.exec(String(response))?.[0])
  }
  t.same(counts, Array(12).fill(counts[0]))
  t.type(counts[0], 'string')
  socket.destroy()
})
