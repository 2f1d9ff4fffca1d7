import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { FIXTURES } from '../../fixtures/register.ts'
import { THROWING } from '../../server.ts'
import { readAll } from '../../socket.ts'
import { isAlive, linesOf, pidsOf, startTwo, until } from '../../workers.ts'

/** Sends the head of a POST request and waits for 100 Continue. */
async function beginFile(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const fields =
    'Host: localhost\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nExpect: 100-continue'
  socket.write(`POST /files HTTP/1.1\r\n${fields}\r\n\r\n`)
  await once(socket, 'data')
  return socket
}

t.test('two workers listen on one port, share the requests, and stop together', async (t) => {
  const server = await startTwo(t, {}, FIXTURES)
  for (let index = 0; index < 8; index++) {
    const reply = await fetch(`${server.url}/greeting`, { headers: { connection: 'close' } })
    t.equal(reply.status, 200)
  }
  t.equal(await server.stop(), 0)
  const served = linesOf(server).filter(({ msg }) => msg === 'request completed')
  t.same(new Set(served.map(({ pid }) => pid)), new Set(pidsOf(server)))
  t.same(pidsOf(server).filter(isAlive), [], 'no process remains')
})

t.test('each worker can read what another worker has written', async (t) => {
  const { url } = await startTwo(t, {}, FIXTURES)
  const headers = { 'content-type': 'text/plain', connection: 'close' }
  for (let index = 1; index <= 4; index++) {
    const body = `number ${index}`
    const reply = await fetch(`${url}/files`, { method: 'POST', headers, body })
    t.equal(reply.headers.get('location'), `/files/${index}`)
    const file = await fetch(`${url}/files/${index}`, { headers: { connection: 'close' } })
    t.equal(await file.text(), body)
  }
})

t.test('a killed worker is replaced while the other worker responds to requests', async (t) => {
  const server = await startTwo(t, {}, FIXTURES)
  const [first = 0] = pidsOf(server)
  process.kill(first, 'SIGKILL')
  await until(() => !isAlive(first))
  const reply = await fetch(`${server.url}/greeting`, { headers: { connection: 'close' } })
  t.equal(reply.status, 200)
  await until(() => pidsOf(server).length === 3)
  t.match(
    linesOf(server).filter(({ msg }) => msg === 'worker ended'),
    [{ level: 'error', worker: '1', signal: 'SIGKILL' }],
  )
  t.equal(await server.stop(), 0)
})

t.test('a worker with an uncaught error exits and is replaced', async (t) => {
  const server = await startTwo(t, {}, THROWING)
  const [first = 0] = pidsOf(server)
  process.kill(first, 'SIGWINCH')
  await until(() => pidsOf(server).length === 3)
  t.notOk(isAlive(first))
  t.match(
    linesOf(server).filter(({ msg }) => msg === 'worker ended'),
    [{ worker: '1', code: 1, signal: null }],
  )
  t.equal(await server.stop(), 0)
})

t.test('a worker that drains after an uncaught error still responds during shutdown', async (t) => {
  const server = await startTwo(t, {}, THROWING, FIXTURES)
  const [first = 0] = pidsOf(server)
  const isDraining = (test: (pid: number) => boolean) =>
    linesOf(server).some(({ msg, pid }) => msg === 'draining' && test(pid))
  // two connections, one for each worker
  const sockets = [await beginFile(server.url), await beginFile(server.url)]
  process.kill(first, 'SIGWINCH')
  await until(() => isDraining((pid) => pid === first))
  const stopped = server.stop()
  await until(() => isDraining((pid) => pid !== first))
  for (const socket of sockets) {
    const text = readAll(socket)
    socket.write('hello')
    t.match(await text, /^HTTP\/1\.1 201 /)
  }
  t.equal(await stopped, 1)
})

t.test('the service is ready only while all workers listen', async (t) => {
  const server = await startTwo(t)
  const ask = async () => {
    const headers = { accept: 'application/json', connection: 'close' }
    const reply = await fetch(`${server.url}/health/ready`, { headers })
    return { status: reply.status, body: await reply.json() }
  }
  while ((await ask()).status !== 200) await sleep(20)
  process.kill(pidsOf(server)[0] ?? 0, 'SIGKILL')
  await until(() => linesOf(server).some(({ msg }) => msg === 'worker ended'))
  t.same(await ask(), {
    status: 503,
    body: {
      status: 503,
      message: 'Service Unavailable: not ready: workers',
      parts: {
        draining: 'pass',
        memory: 'pass',
        database: 'pass',
        migrations: 'pass',
        workers: 'fail',
      },
    },
  })
  while ((await ask()).status !== 200) await sleep(20)
})
