import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import t, { type Test } from 'tap'
import type { Running } from '../../bench/process.ts'
import { encodeRequest, measureSlice, openConnections, sendRequests } from '../../bench/slice.ts'
import type { Workload } from '../../bench/workloads.ts'

const WORK: Workload = {
  name: 'example',
  title: 'example',
  method: 'POST',
  path: '/example',
  headers: { accept: 'application/json' },
  body: '{}',
  status: 201,
  contains: '',
}

async function listen(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  t.teardown(() => server.close().closeAllConnections())
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // the address of a TCP server is an object
}

/** Returns a server whose CPU time increases by one millisecond each time that it is read. */
function runningAt(url: string): Running {
  let time = 0
  const cpuTime = () => {
    time += 1_000
    return time
  }
  return {
    url,
    startTime: 0,
    cpuTime,
    eventLoopTime: cpuTime,
    residentSize: () => 0,
    stop: async () => {},
  }
}

t.test('encodeRequest() writes the method, the header fields and the body', async (t) => {
  t.equal(
    encodeRequest(WORK),
    'POST /example HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\ncontent-length: 2\r\n\r\n{}',
  )
})

t.test(
  'sendRequests() sends exactly the given number of requests over all connections',
  async (t) => {
    const counts = new Map<number | undefined, number>()
    const url = await listen(t, ({ socket: { remotePort } }, response) => {
      counts.set(remotePort, (counts.get(remotePort) ?? 0) + 1)
      response.writeHead(201, { 'content-length': 14 }).write('body in')
      setImmediate(() => response.end(' pieces'))
    })
    const connections = await openConnections(url, 4)
    await sendRequests(connections, WORK, 50)
    for (const connection of connections) connection.close()
    const all = [...counts.values()]
    t.equal(all.length, 4)
    t.equal(
      all.reduce((sum, count) => sum + count, 0),
      50,
    )
  },
)

t.test('an unexpected status causes an error that contains the status', async (t) => {
  const url = await listen(t, (_request, response) => response.end('text'))
  await t.rejects(measureSlice(runningAt(url), WORK), /example: status 200, expected 201/)
})

t.test('a response without Content-Length causes an error', async (t) => {
  const url = await listen(t, (_request, response) => {
    response.writeHead(201).write('chunked')
  })
  await t.rejects(measureSlice(runningAt(url), WORK), /no Content-Length/)
})

t.test('a closed connection causes an error', async (t) => {
  const url = await listen(t, ({ socket }) => socket.destroy())
  await t.rejects(measureSlice(runningAt(url), WORK), /closed/)
})

t.test(
  'measureSlice() returns the CPU time per request, and measures again after a 503',
  async (t) => {
    let requests = 0
    const url = await listen(t, (_request, response) => {
      requests++
      response.statusCode = requests === 5 ? 503 : 201
      response.end('text')
    })
    t.equal(await measureSlice(runningAt(url), { ...WORK, slice: 100 }), 10)
  },
)

t.test('a server that always returns 503 causes an error', async (t) => {
  const url = await listen(t, (_request, response) => {
    response.statusCode = 503
    response.end('text')
  })
  await t.rejects(measureSlice(runningAt(url), WORK), /status 503/)
})

t.test(
  'exchange() reads a response head that arrives in several packets, and throws if the connection is closed',
  async (t) => {
    const server = createTcpServer((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 201 Created\r\nContent-')
        setTimeout(() => socket.write('Length: 0\r\n\r\n'), 20)
      })
    }).listen(0, '127.0.0.1')
    t.teardown(() => server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // the address of a TCP server is an object
    for (const connection of await openConnections(`http://127.0.0.1:${port}`, 1)) {
      t.equal(await connection.exchange(encodeRequest(WORK)), 201)
      connection.close()
      await t.rejects(connection.exchange(encodeRequest(WORK)), /the connection is closed/)
    }
    t.plan(2)
  },
)
