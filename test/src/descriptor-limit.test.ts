import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { readDescriptorLimit } from '../../src/descriptor-limit.ts'
import { FIXTURES } from '../fixtures/register.ts'
import { freePort } from '../free-port.ts'
import { FAST_START, START, startProcess } from '../server.ts'
import { linesOf } from '../workers.ts'

/** Opens connections with a request in flight each. Waits until all of them have got 100 Continue, or are closed. */
async function openUploads(url: string, count: number): Promise<Socket[]> {
  const fields =
    'Host: localhost\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nExpect: 100-continue'
  const settled: Promise<void>[] = []
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {})
    socket.write(`POST /files HTTP/1.1\r\n${fields}\r\n\r\n`)
    const { promise, resolve } = Promise.withResolvers<void>()
    socket.on('data', () => resolve()).on('close', () => resolve())
    settled.push(promise)
    return socket
  })
  await Promise.all(settled)
  return sockets
}

t.test('there is no limit on a system without /proc', async (t) => {
  t.equal(readDescriptorLimit(join(t.testdir(), 'absent')), Number.POSITIVE_INFINITY)
})

t.test('the limit is that of open files, which can be unlimited', async (t) => {
  const folder = t.testdir({
    limited: 'Max processes  5  5  processes\nMax open files  160  4096  files\n',
    unlimited: 'Max open files  unlimited  unlimited  files\n',
  })
  t.equal(readDescriptorLimit(join(folder, 'limited')), 160)
  t.equal(readDescriptorLimit(join(folder, 'unlimited')), Number.POSITIVE_INFINITY)
})

t.test(
  'without file descriptors for connections, ADMIN_PORT responds, and this is logged and counted',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const ADMIN_PORT = String(await freePort())
    const environment = { ...FAST_START, ADMIN_PORT, DATABASE_CONNECTIONS: '10' }
    const args = ['-c', 'ulimit -n 160; exec "$0" "$@"', process.execPath, FIXTURES, START]
    const server = await startProcess(t, args, environment, undefined, 'sh')
    t.match(
      linesOf(server).filter(({ msg }) => msg.startsWith('too few file descriptors')),
      [{ level: 'warn', limit: 160, connections: 50 }],
    )

    const sockets = await openUploads(server.url, 50)
    t.teardown(() => {
      for (const socket of sockets) socket.destroy()
    })
    for (const socket of await openUploads(server.url, 20)) t.equal(socket.bytesRead, 0)

    const admin = `http://127.0.0.1:${ADMIN_PORT}`
    t.equal((await fetch(`${admin}/health/ready`)).status, 200)
    t.match(
      await (await fetch(`${admin}/metrics`)).text(),
      /^http_connections_dropped_total\{reason="descriptors"\} 20$/m,
    )
    t.match(
      linesOf(server).filter(({ msg }) => msg.startsWith('out of file')),
      [{ level: 'error', msg: 'out of file descriptors for connections' }],
    )
  },
)
