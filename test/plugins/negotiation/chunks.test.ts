import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { buildWith } from '../../app.ts'
import { connectTo, exchange, parseReply, readAll } from '../../socket.ts'
import '../../fixtures/register.ts'

const HEAD =
  'POST /body HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: text/plain\r\n'
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`

function chunksOf(size: number, count: number) {
  return `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`.repeat(count)
}

/** Builds the service with a route whose handler gets the body as a stream. */
function buildStreaming(t: Test, handler: (body: Readable, socket: Socket) => unknown) {
  return buildWith(t, async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    app.post('/body', ({ body, raw }) => handler(body as Readable, raw.socket)) // the parser passes the stream on
  })
}

/** Builds the service with a route that returns the length of the body. */
function buildCounting(t: Test) {
  return buildWith(t, async (app) => {
    app.post('/body', async ({ body }) => String(String(body).length))
  })
}

t.test('a body of small chunks is complete', async (t) => {
  const app = await buildCounting(t)
  for (const [size, count] of [
    [1, 1_000],
    [18, 50_000],
    [4_095, 20],
    [4_097, 20],
  ] as const) {
    const reply = await exchange(app, `${CHUNKED}${chunksOf(size, count)}0\r\n\r\n`)
    t.match(reply, { status: 200, body: String(size * count) }, `${count} chunks of ${size} bytes`)
  }
})

t.test('a body with many chunks of less than 16 bytes on average gets 400', async (t) => {
  const app = await buildCounting(t)
  for (const size of [1, 15]) {
    const reply = await exchange(app, `${CHUNKED}${chunksOf(size, 1_001)}`)
    t.match(reply, { status: 400, body: /too many small chunks/ }, `chunks of ${size} bytes`)
    t.match(reply.headers, { connection: 'close' })
  }
})

t.test('chunks that wait to be read are joined, since Node adds 250 bytes to each', async (t) => {
  const SIZE = 60_000
  const app = await buildStreaming(t, async (body, socket) => {
    const target = socket.bytesRead + SIZE * '1\r\nx\r\n'.length - 70_000
    while (socket.bytesRead < target) await pause(1)
    const chunks = await body.toArray()
    return `${chunks.length} ${Buffer.concat(chunks).length}`
  })
  const { body } = await exchange(app, `${CHUNKED}${chunksOf(1, SIZE)}0\r\n\r\n`)
  const [chunks, bytes] =
    body
      .split('\r\n')
      .join(' ')
      .match(/\d+ \d+/)?.[0]
      .split(' ') ?? []
  t.equal(bytes, String(SIZE))
  t.ok(Number(chunks) < 100, `${chunks} chunks`)
})

t.test('a reader that pauses gets all bytes in order, and each chunk once it waits', async (t) => {
  const app = await buildStreaming(t, async (body) => {
    const read: Buffer[] = []
    for await (const chunk of body) {
      read.push(chunk)
      await pause(Math.random() * 3)
    }
    return Buffer.concat(read).toString('base64')
  })
  const sizes = fc.array(fc.integer({ min: 1, max: 6_000 }), { minLength: 1, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(sizes, async (sizes) => {
      const bytes = Buffer.concat(sizes.map((size, index) => Buffer.alloc(size, index + 1)))
      const socket = await connectTo(app)
      const reply = readAll(socket)
      socket.setNoDelay().write(`${HEAD}Content-Length: ${bytes.length}\r\n\r\n`)
      let sent = 0
      for (const size of sizes) {
        socket.write(bytes.subarray(sent, sent + size))
        sent += size
        if (size % 2) await pause(1)
      }
      const { body } = parseReply(await reply)
      return body.includes(bytes.toString('base64'))
    }),
    { numRuns: 40 },
  )
})

t.test('a reader gets a small chunk without a further chunk', async (t) => {
  const seen: number[] = []
  const app = await buildStreaming(t, async (body) => {
    for await (const chunk of body) {
      seen.push(chunk.length)
      body.pause()
      await pause(5)
    }
    return 'done'
  })
  const socket = await connectTo(app)
  socket.write(CHUNKED)
  for (let count = 1; count <= 20; count++) {
    socket.write(chunksOf(1, 1) + chunksOf(2, 1))
    while (seen.reduce((sum, length) => sum + length, 0) < count * 3) await pause(1)
  }
  socket.write('0\r\n\r\n')
  await once(socket, 'data')
  t.pass('no chunk waited for the next one')
  socket.destroy()
})
