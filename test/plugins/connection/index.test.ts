import { once } from 'node:events'
import { Socket } from 'node:net'
import t, { type Test } from 'tap'
import { sendClientError } from '../../../plugins/connection/client-errors.ts'
import { SECURITY_FIELDS } from '../../../src/http/security-fields.ts'
import { build, buildWith, createLog, expectReply, type Log } from '../../app.ts'
import { createFileStore } from '../../fixtures/resources/files/store.ts'
import { connectTo, exchange, parseReply, readAll } from '../../socket.ts'
import '../../fixtures/register.ts'

const POST = 'POST /files HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n'

/** Returns the log lines of refused connections. */
function refusals({ lines }: Log) {
  return lines.filter(({ msg }) => msg === 'connection refused')
}

/** Bytes that are not a valid request, and Node's error code. */
const REFUSED = [
  {
    title: 'a malformed request line',
    bytes: 'NOT HTTP\r\n\r\n',
    reason: 'HPE_INVALID_METHOD',
    body: { status: 400, message: 'Bad Request: the request is malformed' },
  },
  {
    title: 'a malformed field',
    bytes: 'GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n',
    reason: 'HPE_INVALID_HEADER_TOKEN',
    body: { status: 400, message: 'Bad Request: the request is malformed' },
  },
  {
    title: 'Content-Length with Transfer-Encoding',
    bytes: `${POST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    reason: 'HPE_INVALID_TRANSFER_ENCODING',
    body: { status: 400, message: 'Bad Request: the request is malformed' },
  },
  {
    title: 'a malformed chunk',
    bytes: `${POST}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nZZ\r\n`,
    reason: 'HPE_INVALID_CHUNK_SIZE',
    body: { status: 400, message: 'Bad Request: the request is malformed' },
  },
  {
    title: 'a header over the limit',
    bytes: `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
    reason: 'HPE_HEADER_OVERFLOW',
    body: { status: 431, message: 'Request Header Fields Too Large' },
  },
]

for (const { title, bytes, reason, body } of REFUSED) {
  t.test(
    `the service responds to ${title} with ${body.status}, and closes the connection`,
    async (t) => {
      const log = createLog()
      const app = await build(t, {}, { logDestination: log })
      const reply = await exchange(app, bytes)
      t.equal(reply.status, body.status)
      t.same(JSON.parse(reply.body), body, 'the error document is the whole body')
      t.match(reply.headers, {
        connection: 'close',
        'content-type': 'application/json; charset=utf-8',
        'content-length': String(reply.body.length),
        ...SECURITY_FIELDS,
        date: /GMT$/,
      })
      const reqId = reply.headers['x-request-id']
      t.match(reqId, /^[0-9a-f-]{36}$/)
      const [line, ...others] = refusals(log)
      t.match(
        line,
        { reqId, status: body.status, reason },
        'the log line has the request id of the response',
      )
      t.same(others, [], 'the refusal is logged only once')
      t.equal(await app.store(createFileStore).find(1), undefined, 'nothing is stored')
    },
  )
}

/** Incomplete requests. */
const SLOW = [
  { title: 'nothing', bytes: '' },
  { title: 'half a request line', bytes: 'GET /gree' },
  { title: 'half a head', bytes: 'GET /greeting HTTP/1.1\r\nHost: localhost\r\nX-' },
  { title: 'half a body', bytes: `${POST}Content-Length: 5\r\n\r\nhe` },
  { title: 'half a chunk', bytes: `${POST}Transfer-Encoding: chunked\r\n\r\n5\r\nhe` },
  {
    title: 'no body after 100 Continue',
    bytes: `${POST}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`,
  },
]

for (const { title, bytes } of SLOW) {
  t.test(
    `after REQUEST_TIMEOUT, a client that sent ${title} gets 408 and the connection is closed`,
    async (t) => {
      const log = createLog()
      const app = await build(t, { REQUEST_TIMEOUT: '50' }, { logDestination: log })
      const { text } = await exchange(app, bytes)
      const [last = ''] = text.split('HTTP/1.1 100 Continue\r\n\r\n').slice(-1)
      const [head = '', body = ''] = last.split('\r\n\r\n')
      t.match(head, /^HTTP\/1\.1 408 Request Timeout\r\n/)
      t.match(head, /^Connection: close\r$/m)
      t.match(head, /^Date: .* GMT\r$/m)
      t.same(JSON.parse(body), { status: 408, message: 'Request Timeout' })
      t.match(refusals(log), [{ status: 408, reason: 'ERR_HTTP_REQUEST_TIMEOUT' }])
      t.equal(await app.store(createFileStore).find(1), undefined, 'nothing is stored')
    },
  )
}

t.test('a client that keeps sending after its last response is disconnected', async (t) => {
  const log = createLog()
  const app = await build(t, {}, { logDestination: log })
  const socket = await connectTo(app)
  socket.allowHalfOpen = true
  const begin = Date.now()
  const timer = setInterval(() => socket.write('NOT HTTP\r\n\r\n'), 20)
  t.teardown(() => clearInterval(timer))
  const text = await readAll(socket)
  t.ok(Date.now() - begin >= 900, 'the client had time to read the response')
  t.same(statusLines(text), ['HTTP/1.1 400 Bad Request'], 'the client gets one response')
  t.equal(refusals(log).length, 1)
})

t.test('a reset connection gets no response and is not logged', async (t) => {
  const log = createLog()
  const app = await build(t, {}, { logDestination: log })
  const socket = await connectTo(app)
  const reset = once(app.server, 'clientError')
  socket.write('GET / HTTP/1.1\r\nHo')
  socket.resetAndDestroy()
  const [error, connection] = await reset
  t.match(error, { code: 'ECONNRESET' })
  t.equal(connection.destroyed, true, 'the socket is destroyed')
  t.equal(connection.bytesWritten, 0, 'no response was written')
  t.same(refusals(log), [], 'nothing is logged')
})

t.test('a reset after CONNECT does not stop the service', async (t) => {
  const app = await build(t)
  const socket = await connectTo(app)
  const accepted = once(app.server, 'connect')
  socket.write('CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n')
  const [, connection] = await accepted
  await once(socket, 'data')
  socket.resetAndDestroy()
  await new Promise((resolve) => connection.once('close', resolve))
  const { status } = await exchange(app, `${POST}Connection: close\r\nContent-Length: 0\r\n\r\n`)
  t.equal(status, 201, 'the service still responds to other clients')
})

const GET = 'GET /greeting HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** Returns the status lines of all responses on a connection. */
function statusLines(text: string) {
  return text.match(/HTTP\/1\.1 \d+ [ \w]+/g)
}

t.test('malformed bytes after a request get 400', async (t) => {
  const log = createLog()
  const app = await build(t, {}, { logDestination: log })
  const socket = await connectTo(app)
  const text = readAll(socket)
  socket.write(GET)
  await once(socket, 'data')
  socket.write('NOT HTTP\r\n\r\n')
  t.same(statusLines(await text), ['HTTP/1.1 200 OK', 'HTTP/1.1 400 Bad Request'])
  t.match(refusals(log), [{ status: 400, reason: 'HPE_INVALID_METHOD' }])
})

/** Refused bytes that follow a request, the event that Node emits for them, and the status line of the refusal. */
const BEHIND = [
  { bytes: 'NOT HTTP\r\n\r\n', event: 'clientError', last: '400 Bad Request' },
  {
    bytes: 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n',
    event: 'connect',
    last: '501 Not Implemented',
  },
  {
    bytes: `${POST}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`,
    event: 'clientError',
    last: '400 Bad Request',
  },
]

for (const { bytes, event, last } of BEHIND) {
  t.test(
    `the ${last} for ${bytes.slice(0, 4)} (${event}) follows the response to the previous request`,
    async (t) => {
      const app = await buildWith(t, async (app) => {
        const refused = once(app.server, event)
        app.get('/slow', async () => {
          await refused
          return 'late'
        })
      })
      const { text } = await exchange(app, `${GET.replace('/greeting', '/slow')}${bytes}`)
      t.same(statusLines(text), ['HTTP/1.1 200 OK', `HTTP/1.1 ${last}`])
      t.match(text, /late/)
    },
  )
}

/** Builds the service with a route that responds once `answer` is called. */
async function buildSlow(t: Test) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const app = await buildWith(t, async (app) => {
    app.get('/slow', async () => {
      await promise
      return 'late'
    })
  })
  return { app, answer: resolve, slow: GET.replace('/greeting', '/slow') }
}

t.test(
  'a malformed chunk of a body that is not read gets 400, and the connection is closed',
  async (t) => {
    const app = await build(t)
    const chunked = GET.replace('Host', 'Transfer-Encoding: chunked\r\nHost')
    const { text } = await exchange(app, `${chunked}ZZ\r\n`)
    t.same(statusLines(text), ['HTTP/1.1 400 Bad Request'])
  },
)

t.test('a pipelined request is handled after the response to the previous request', async (t) => {
  const { app, answer, slow } = await buildSlow(t)
  const socket = await connectTo(app)
  socket.write(`${slow}${POST}Content-Length: 5\r\n\r\nhello${GET}`)
  await new Promise((resolve) => setTimeout(resolve, 50))
  t.equal(
    await app.store(createFileStore).find(1),
    undefined,
    'the second request is not handled before the first response',
  )
  answer()
  let text = ''
  for await (const chunk of socket) {
    text += chunk
    if (text.endsWith('Hello World')) break
  }
  t.equal(statusLines(text)?.length, 3, 'all three requests get a response')
  t.ok(
    await app.store(createFileStore).find(1),
    'the second request is handled after the first response',
  )
})

t.test('the connection is closed after 1,000 requests', async (t) => {
  const app = await build(t)
  const { text } = await exchange(app, GET.repeat(1_002))
  t.equal(statusLines(text)?.length, 1_000)
  const last = text.slice(text.lastIndexOf('HTTP/1.1 '))
  t.match(parseReply(last), { status: 200, headers: { connection: 'close' } })
})

t.test('the server stops reading a connection while too many of its requests wait', async (t) => {
  const { app, answer, slow } = await buildSlow(t)
  const accepting = once(app.server, 'connection')
  const socket = await connectTo(app)
  const [connection] = await accepting
  socket.write(slow + GET.repeat(500_000))
  await new Promise((resolve) => setTimeout(resolve, 500))
  t.ok(connection.bytesRead < 200_000, `the server has read ${connection.bytesRead} bytes`)
  answer()
  socket.destroy()
})

t.test('a request that follows a malformed request on the connection is not handled', async (t) => {
  const app = await build(t)
  const write = `${POST}Content-Length: 5\r\n\r\nhello`
  const { status } = await exchange(
    app,
    GET.replace('Host: localhost', 'Host: localhost\r\nHost: localhost') + write,
  )
  t.equal(status, 400)
  t.equal(await app.store(createFileStore).find(1), undefined, 'nothing is stored')
})

t.test('the 400 for a malformed chunk has the id of the request', async (t) => {
  const app = await build(t, { TRUST_PROXY: '127.0.0.1' })
  const fields = 'X-Request-Id: mine\r\nTransfer-Encoding: chunked\r\n\r\n'
  const reply = await exchange(app, `${POST}${fields}ZZ\r\n`)
  t.match(reply, { status: 400, headers: { 'x-request-id': 'mine' } })
})

t.test(
  'if a malformed chunk is read during the response, the service closes the connection without a second response',
  async (t) => {
    const log = createLog()
    const app = await build(t, {}, { logDestination: log })
    app.addHook('preParsing', (request, reply, _payload, done) => {
      reply.hijack()
      reply.raw.writeHead(200, { 'content-length': '10' })
      reply.raw.write('half')
      request.raw.resume()
      done()
    })
    const socket = await connectTo(app)
    const reading = readAll(socket)
    socket.write(`${POST}Transfer-Encoding: chunked\r\n\r\n`)
    await once(socket, 'data')
    socket.write('ZZ\r\n')
    const text = await reading
    t.same(statusLines(text), ['HTTP/1.1 200 OK'])
    t.match(text, /half$/)
    t.same(refusals(log), [])
  },
)

t.test('an error on a closed socket gets no response and is not logged', async (t) => {
  const log = createLog()
  const app = await build(t, {}, { logDestination: log })
  const socket = new Socket()
  socket.destroy()
  sendClientError.call(app, Object.assign(new Error('late'), { code: 'HPE_INVALID_EOF' }), socket)
  t.equal(socket.destroyed, true)
  t.same(refusals(log), [], 'nothing is logged')
})

/** URLs that the router refuses. */
const UNROUTABLE = [
  {
    title: 'broken percent-encoding in the path',
    url: '/notes/%zz',
    body: { status: 400, message: 'Bad Request: the path is not valid percent-encoded UTF-8' },
  },
  {
    title: 'invalid UTF-8 in the path',
    url: '/%ff',
    body: { status: 400, message: 'Bad Request: the path is not valid percent-encoded UTF-8' },
  },
  {
    title: 'an overlong parameter',
    url: `/greeting/${'a'.repeat(8_001)}`,
    body: { status: 414, message: 'URI Too Long: the target is longer than 8000 bytes' },
  },
]

for (const { title, url, body } of UNROUTABLE) {
  t.test(`the service responds to ${title} with ${body.status} and the request id`, async (t) => {
    const app = await build(t, { TRUST_PROXY: '127.0.0.1' })
    const { status, message } = body
    const headers = { 'x-request-id': 'an-id' }
    await expectReply(t, app, { url, headers }, { status, headers, body })
    await expectReply(
      t,
      app,
      { url, headers: { accept: 'text/plain' } },
      { status, type: 'text/plain; charset=utf-8', body: `${status} ${message}\n` },
    )
    const raw = await exchange(
      app,
      `GET ${url} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    )
    t.equal(raw.status, status, 'the response on a real connection has the same status')
    t.same(JSON.parse(raw.body), body)
    t.match(raw.headers['x-request-id'], /^[0-9a-f-]{36}$/)
  })
}

t.test('a parameter of exactly the maximum length is accepted', async (t) => {
  const app = await build(t)
  const value = 'a'.repeat(100)
  const url = `/greeting/${value}`
  await expectReply(t, app, { url }, { body: `Hello ${value}` })
})

t.test('markup in a URL is escaped on the error page', async (t) => {
  const app = await build(t)
  const fields = 'Host: localhost\r\nAccept: text/html\r\nConnection: close'
  const reply = await exchange(app, `GET /<b>?"x"&'y' HTTP/1.1\r\n${fields}\r\n\r\n`)
  t.equal(reply.status, 404)
  const url = 'http://localhost/&lt;b&gt;?&quot;x&quot;&amp;&#39;y&#39;'
  t.match(reply.body, `<p class="lead">Not Found: ${url}</p>`)
  t.notMatch(reply.body, /<b>/)
})

for (const body of ['', 'Content-Length: 5\r\n']) {
  const kind = body ? 'with an incomplete body' : 'without a body'
  t.test(`onRequestAbort hooks run once for a request ${kind}`, async (t) => {
    const { promise: aborted, resolve } = Promise.withResolvers<void>()
    const { promise: waiting, resolve: wait } = Promise.withResolvers<void>()
    let aborts = 0
    const app = await buildWith(t, async (app) => {
      app.get('/waits', () => {
        wait()
        return new Promise(() => {})
      })
      app.addHook('onRequestAbort', (_request, done) => {
        aborts++
        resolve()
        done()
      })
    })
    const socket = await connectTo(app)
    socket.write(`GET /waits HTTP/1.1\r\nHost: localhost\r\n${body}\r\n`)
    await waiting
    socket.destroy()
    await aborted
    while (app.inFlight.size > 0) await new Promise(setImmediate)
    t.equal(aborts, 1)
  })
}
