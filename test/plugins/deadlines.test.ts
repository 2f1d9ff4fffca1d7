import { EventEmitter, once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import t, { type Test } from 'tap'
import type { RouteDeadline } from '../../src/http/route-deadline.ts'
import { build, buildWith, createLog, expectReply } from '../app.ts'
import { connectTo, exchange, parseReply, readAll } from '../socket.ts'
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
  const fields =
    'Host: localhost\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 5'
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
  socket.write('GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n')
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
  socket.write('GET /late HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  await once(socket, 'readable')
  await sleep(1_500)
  t.ok((await readAll(socket)).endsWith(large))
})

/** Builds the service with a route that streams what the test writes. */
async function buildStreaming(t: Test, deadline: RouteDeadline | undefined, environment = {}) {
  const stream = new PassThrough()
  const log = createLog()
  const app = await buildWith(
    t,
    async (app) => {
      app.get('/stream', { config: deadline ? { deadline } : {} }, (_request, reply) =>
        reply.type('text/plain').send(stream),
      )
    },
    environment,
    { logDestination: log },
  )
  return { app, stream, log }
}

const GET_STREAM = 'GET /stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'

t.test('a handler may stream slowly while the client receives all of it', async (t) => {
  const { app, stream } = await buildStreaming(t, undefined, { REPLY_TIMEOUT: '30' })
  const reading = exchange(app, GET_STREAM)
  for (let chunk = 0; chunk < 5; chunk++) {
    stream.write(`chunk ${chunk}`)
    await sleep(100)
  }
  stream.end()
  t.match((await reading).body, /chunk 0[\s\S]*chunk 4[\s\S]*\r\n0\r\n/)
})

t.test('a stream that exceeds the maximum of its route is cut', async (t) => {
  const { app, stream, log } = await buildStreaming(t, { maximumMs: 50 }, { REPLY_TIMEOUT: '30' })
  stream.write('a chunk')
  const { status, body } = await exchange(app, GET_STREAM)
  t.equal(status, 200)
  t.match(body, /a chunk/)
  t.notMatch(body, /\r\n0\r\n/, 'the response has no last chunk, so it is incomplete')
  t.match(
    log.lines.filter(({ level }) => level !== 'info'),
    [{ level: 'error', msg: 'response not finished in time', route: '/stream' }],
    'no second response is attempted',
  )
})

t.test('an injected request for a stream ends with the maximum of the route', async (t) => {
  const { app, stream, log } = await buildStreaming(t, { maximumMs: 50 }, { REPLY_TIMEOUT: '30' })
  stream.write('a chunk')
  await app.inject('/stream').catch(() => {})
  t.match(
    log.lines.filter(({ level }) => level === 'error'),
    [{ msg: 'response not finished in time' }],
  )
})

t.test('config.deadline is checked when the route is registered', async (t) => {
  const register = (deadline: object) =>
    buildWith(t, async (app) => {
      app.get('/a', { config: { deadline } }, async () => 'a')
    })
  await t.rejects(register({ maximumMs: 1 }), {
    message: 'GET /a, config.deadline: option maximumMs must be >= 10',
  })
  await t.rejects(register({ maximum: 10 }), {
    message: /^GET \/a, config.deadline: option maximum is unknown; options: requestTimeoutMs, /,
  })
})

/** Sends a body of 5,000 bytes in pieces of this size, one every 10 ms. Returns the response. */
async function sendSlowly(t: Test, pieceBytes: number, environment: Record<string, string>) {
  const log = createLog()
  const app = await build(t, environment, { logDestination: log })
  const socket = await connectTo(app)
  const reading = readAll(socket)
  const fields =
    'Host: localhost\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 5000'
  socket.write(`POST /files HTTP/1.1\r\n${fields}\r\n\r\n`)
  for (let sent = 0; sent < 5_000 && !socket.destroyed; sent += pieceBytes) {
    socket.write('a'.repeat(pieceBytes))
    await sleep(10)
  }
  return { reply: parseReply(await reading), log }
}

t.test('a body may take longer than REQUEST_TIMEOUT if it arrives steadily', async (t) => {
  const { reply } = await sendSlowly(t, 50, { REQUEST_TIMEOUT: '100', REPLY_TIMEOUT: '100' })
  t.equal(reply.status, 201)
})

t.test('a body that arrives below MIN_BYTES_PER_SECOND gets 408', async (t) => {
  const settings = { REQUEST_TIMEOUT: '100', MIN_BYTES_PER_SECOND: '50000' }
  const { reply, log } = await sendSlowly(t, 50, settings)
  t.match(reply, { status: 408, headers: { connection: 'close' } })
  t.match(
    log.lines.filter(({ msg }) => msg === 'connection refused'),
    [{ status: 408, reason: 'ERR_HTTP_REQUEST_TIMEOUT' }],
  )
})

/** Builds the service with a route that has its own deadline, and whose handler reads the body itself. */
function buildReading(t: Test, handler: (body: Readable, reply: FastifyReply) => unknown) {
  return buildWith(
    t,
    async (app) => {
      app.removeAllContentTypeParsers()
      app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
      app.post(
        '/read',
        { config: { deadline: { requestTimeoutMs: 30 } } },
        ({ body }, reply) => handler(body as Readable, reply), // the parser above passes the stream on
      )
    },
    { REPLY_TIMEOUT: '60' },
  )
}

const POST_READ =
  'POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nhello'

t.test('a handler that does not read the body gets no 408 for its client, but 503', async (t) => {
  const app = await buildReading(t, () => new Promise(() => {}))
  t.match(await exchange(app, POST_READ), { status: 503, headers: { connection: 'close' } })
})

t.test('a client that stops sending gets 408, with the time limit of the route', async (t) => {
  const app = await buildReading(t, async (body) => body.toArray())
  t.match(await exchange(app, POST_READ), { status: 408 })
})

t.test('a response that has begun is cut if its client stops sending', async (t) => {
  const app = await buildReading(t, (body, reply) => reply.send(body))
  const { status, body } = await exchange(app, POST_READ)
  t.equal(status, 200)
  t.match(body, /hello/)
  t.notMatch(body, /408|\r\n0\r\n/)
})

/** Reads a response of 30 MB in pieces of 100 kB. Returns the number of bytes that arrived. */
async function readSlowly(t: Test, pauseMs: number) {
  const large = Buffer.alloc(30_000_000)
  const app = await buildWith(
    t,
    async (app) => {
      app.get('/large', async () => large)
    },
    { REPLY_TIMEOUT: '400' },
  )
  const socket = await connectTo(app)
  socket.on('error', () => {})
  socket.write('GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  let received = 0
  while (!socket.readableEnded && !socket.destroyed) {
    await Promise.race([once(socket, 'readable'), once(socket, 'close')])
    received += socket.read()?.length ?? 0
    await sleep(pauseMs)
  }
  return received - large.length
}

t.test('a response may take longer than REPLY_TIMEOUT if it is received steadily', async (t) => {
  t.ok((await readSlowly(t, 1)) > 0, 'the client gets the whole response')
})

t.test('a response that is received too slowly is cut', async (t) => {
  t.ok((await readSlowly(t, 300)) < 0, 'the client gets only a part of the response')
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
  const fields = 'Host: localhost\r\nContent-Type: text/plain\r\nContent-Length: 5'
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
    socket.write('GET /count HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const [response] = await once(socket, 'data')
    counts.push(/\d+ listeners/.exec(String(response))?.[0])
  }
  t.same(counts, Array(12).fill(counts[0]))
  t.type(counts[0], 'string')
  socket.destroy()
})
