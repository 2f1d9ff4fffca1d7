import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { closeAfterReading } from '../../../src/http/connection.ts'
import { build } from '../../app.ts'
import { connectTo, parseReply, readAll } from '../../socket.ts'
import '../../fixtures/register.ts'

const TEXT = 'Content-Type: text/plain\r\n'
const MEGABYTE = 1_000_000

/** Header fields of a request with a body, of which the client sends only a part. */
const LONG = `Content-Length: ${300 * MEGABYTE}\r\n`
const CHUNKED = 'Transfer-Encoding: chunked\r\n'
const FRAMINGS = { 'Content-Length': LONG, chunks: CHUNKED }

const CHUNK = `${MEGABYTE.toString(16)}\r\n${'a'.repeat(MEGABYTE)}\r\n`

function head(line: string, fields: string, version = '1.1'): string {
  return `${line} HTTP/${version}\r\nHost: localhost\r\n${fields}\r\n`
}

/** Requests that get a response before their body has arrived, with the status of the response. */
const EARLY: { line: string; fields?: string; status: number }[] = [
  { line: 'POST /mirror', fields: `${TEXT}Host: localhost\r\n`, status: 400 },
  { line: 'POST /notes/%zz', fields: TEXT, status: 400 },
  { line: 'POST /notes', fields: TEXT, status: 401 },
  { line: 'POST /mirror', fields: `${TEXT}Sec-Fetch-Site: cross-site\r\n`, status: 403 },
  { line: 'POST /nowhere', fields: TEXT, status: 404 },
  { line: 'POST /greeting', fields: TEXT, status: 405 },
  { line: 'POST /mirror', fields: `${TEXT}Accept: image/png\r\n`, status: 406 },
  { line: 'POST /mirror', fields: 'Content-Type: image/x-none\r\n', status: 415 },
  { line: 'POST /mirror', fields: `${TEXT}Expect: miracles\r\n`, status: 417 },
  { line: 'PURGE /mirror', fields: TEXT, status: 501 },
  { line: 'GET /greeting', fields: TEXT, status: 200 },
]

/** Sends a request with a part of its body, then another request. Returns what the client receives. */
async function sendPart(app: FastifyInstance, request: string): Promise<string> {
  const socket = await connectTo(app)
  const text = readAll(socket)
  socket.write(`${request}${CHUNK}`)
  await once(socket, 'data')
  socket.write(head('GET /greeting', ''))
  return text
}

for (const [framing, length] of Object.entries(FRAMINGS)) {
  for (const { line, fields = '', status } of EARLY) {
    t.test(`an early ${status} to ${line} with ${framing} closes the connection`, async (t) => {
      const text = await sendPart(await build(t), head(line, fields + length))
      const reply = parseReply(text)
      t.equal(reply.status, status)
      t.equal(reply.headers.connection, 'close')
      t.equal(text.match(/HTTP\/1\.1 /g)?.length, 1, 'no further request gets a response')
    })
  }
}

/** Writes all bytes, and only then reads. */
async function writeThenRead(app: FastifyInstance, pieces: string[]) {
  const socket = await connectTo(app)
  socket.pause()
  for (const piece of pieces) await write(socket, piece)
  const text = readAll(socket)
  socket.resume()
  return parseReply(await text)
}

function write(socket: Socket, bytes: string): Promise<void> {
  return new Promise((resolve) => socket.write(bytes, () => resolve()))
}

/** Five megabytes, which is far over BODY_LIMIT, and more than the kernel buffers. */
const BODIES = {
  'Content-Length': [`Content-Length: ${5 * MEGABYTE}\r\n`, 'a'.repeat(5 * MEGABYTE)],
  chunks: [CHUNKED, `${CHUNK.repeat(5)}0\r\n\r\n`],
} as const

for (const [framing, [field, body]] of Object.entries(BODIES)) {
  for (const version of ['1.1', '1.0'] as const) {
    if (version === '1.0' && framing === 'chunks') continue
    t.test(
      `a client that writes ${framing} over the limit before it reads gets the whole 413 (HTTP/${version})`,
      async (t) => {
        const app = await build(t)
        for (let round = 0; round < 10; round++) {
          const request = head('POST /mirror', TEXT + field, version)
          const reply = await writeThenRead(app, [request, body])
          t.equal(reply.status, 413)
          t.equal(reply.headers.connection, 'close')
          t.match(JSON.parse(reply.body), { status: 413 })
        }
      },
    )
  }
}

/** What Java's HttpClient sends, with a part of the body. */
const JAVA = `POST /mirror HTTP/1.1\r
Connection: Upgrade, HTTP2-Settings\r
Host: 127.0.0.1:5733\r
HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA\r
Transfer-encoding: chunked\r
Upgrade: h2c\r
User-Agent: Java-http-client/17.0.15\r
content-type: text/plain\r
\r
`

t.test('HttpClient of Java gets the whole 413', async (t) => {
  const app = await build(t)
  const chunk = `4000\r\n${'a'.repeat(0x4000)}\r\n`
  const reply = await writeThenRead(app, [JAVA, ...Array(300).fill(chunk), '0\r\n\r\n'])
  t.equal(reply.headers.connection, 'close')
  t.match(JSON.parse(reply.body), { status: 413 })
})

t.test(
  'a request with Upgrade in two packets gets a response that closes the connection',
  async (t) => {
    const app = await build(t)
    const accepted = once(app.server, 'connection')
    const socket = await connectTo(app)
    const text = readAll(socket)
    await write(socket, 'GET /greeting HTTP/1.1\r\n')
    const [connection] = await accepted
    while (connection.bytesRead === 0) await turn()
    socket.write(
      'Host: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nGET /greeting HTTP/1.1\r\n\r\n',
    )
    t.match(parseReply(await text), { status: 200, headers: { connection: 'close' } })
  },
)

t.test('fetch() with a stream over the limit gets the 413', async (t) => {
  const app = await build(t)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  for (let round = 0; round < 8; round++) {
    const body = ReadableStream.from(Array(50).fill(Buffer.alloc(100_000)))
    const init = { method: 'POST', headers: { 'content-type': 'text/plain' }, duplex: 'half' }
    const response = await fetch(`${url}/mirror`, { ...init, body } as RequestInit)
    t.equal(response.status, 413)
    t.match(await response.json(), { status: 413 })
  }
})

/** Returns the next response on a connection. */
async function nextReply(socket: Socket) {
  const [bytes] = await once(socket, 'data')
  return parseReply(String(bytes))
}

const SMALL = head('POST /notes', `${TEXT}Content-Length: 5\r\n`)

for (const [title, pieces] of [
  ['a small body in the same packet', [`${SMALL}hello`]],
  ['a small body in the next packet', [SMALL, 'hello']],
  ['a chunked body in the next packet', [head('POST /notes', TEXT + CHUNKED), '0\r\n\r\n']],
] as const) {
  t.test(`an early response to ${title} keeps the connection`, async (t) => {
    const app = await build(t)
    const socket = await connectTo(app)
    socket.setNoDelay()
    for (let round = 0; round < 3; round++) {
      for (const piece of pieces) socket.write(piece)
      const { status, headers } = await nextReply(socket)
      t.match({ status, headers }, { status: 401, headers: { connection: 'keep-alive' } })
    }
    socket.destroy()
  })
}

t.test('an early response does not wait for a small body that does not arrive', async (t) => {
  const app = await build(t)
  const socket = await connectTo(app)
  const text = readAll(socket)
  socket.write(`${SMALL}he`)
  t.match(parseReply(await text), { status: 401, headers: { connection: 'close' } })
})

t.test('a client may disconnect while the service waits for the rest of its body', async (t) => {
  const app = await build(t)
  const requested = once(app.server, 'request')
  const socket = await connectTo(app)
  socket.write(`${SMALL}he`)
  const [request] = await requested
  const closed = new Promise((resolve) => request.once('close', resolve))
  socket.resetAndDestroy()
  await closed
  t.equal((await app.inject('/greeting')).statusCode, 200)
})

t.test('after the last response, the service reads on for a second', async (t) => {
  const app = await build(t)
  const accepted = once(app.server, 'connection')
  const socket = await connectTo(app)
  const [connection] = await accepted
  socket.allowHalfOpen = true
  const text = readAll(socket)
  socket.write(head('POST /notes', TEXT + LONG))
  await once(socket, 'end')
  const begin = performance.now()
  const timer = setInterval(() => socket.write('a'.repeat(1_000)), 20)
  t.teardown(() => clearInterval(timer))
  t.match(parseReply(await text), { status: 401 })
  t.ok(performance.now() - begin > 900, 'the client had time to read the response')
  t.ok(connection.bytesRead > 10_000, 'the service has read on')
})

t.test('after the last response, the service reads a limited number of bytes', async (t) => {
  const app = await build(t)
  const accepted = once(app.server, 'connection')
  const socket = await connectTo(app)
  const [connection] = await accepted
  const closed = once(connection, 'close')
  socket.allowHalfOpen = true
  socket.on('error', () => {})
  socket.write(head('POST /notes', TEXT + LONG))
  const megabyte = Buffer.alloc(MEGABYTE)
  const writeOn = () => socket.write(megabyte, (error) => error ?? writeOn())
  writeOn()
  await closed
  t.ok(connection.bytesRead < 40 * MEGABYTE, `${connection.bytesRead} bytes`)
})

t.test('a connection that is already closing is not given more time', async (t) => {
  const app = await build(t)
  const accepted = once(app.server, 'connection')
  const socket = await connectTo(app)
  const [connection] = await accepted
  socket.allowHalfOpen = true
  closeAfterReading(connection)
  const [limit] = connection.rawListeners('data')
  closeAfterReading(connection)
  t.type(limit, 'function')
  t.equal(connection.rawListeners('data')[0], limit)
  socket.destroy()
})
