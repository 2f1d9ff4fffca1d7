/** Slow clients from slowhttptest, and normal clients beside them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import { FIXTURES } from '../fixtures/register.ts'
import { FAST_START, startServer } from '../server.ts'
import { createClient } from './client.ts'
import { watchConnections } from './connections.ts'

const NEW_SLOW_CLIENTS_PER_SECOND = 100
const NORMAL_CLIENTS = 4

/** Address of the normal clients, since nginx limits the address of the slow clients. */
const NORMAL_ADDRESS = '127.0.0.2'

/** Pause of a normal client between two requests. All together send less than nginx allows an address per second. */
const PAUSE_MS = 50

/** Time after which the slow clients stop by themselves. */
const ATTACK_SECONDS = 60

/** Time within which the service must disconnect a slow client, and a factor for a machine under load. */
const MAX_CONNECTION_MS = 10_000
const LOAD_FACTOR = 4

/** Path of a large file, which slow readers request. */
export const LARGE = '/files/1'

/** Paths and options of slowhttptest, by the kind of slow clients. */
export const ATTACKS: Record<string, [path: string, ...options: string[]]> = {
  'slow heads': ['/', '-H', '-i', '1', '-x', '8'],
  'slow bodies': ['/files', '-B', '-i', '1', '-x', '8', '-s', '8192', '-f', 'text/plain'],
  // 10 responses per connection, because the kernel buffers megabytes on the loopback interface
  'slow readers': [LARGE, '-X', '-k', '10', '-n', '1', '-z', '32', '-w', '512', '-y', '1024'],
}

/** Starts slowhttptest with a number of slow clients. */
export function attack(url: string, count: number, ...options: string[]) {
  const rate = Math.max(NEW_SLOW_CLIENTS_PER_SECOND, count / 3)
  const common = ['-u', url, '-c', `${count}`, '-r', `${rate}`, '-l', `${ATTACK_SECONDS}`]
  const child = spawn('slowhttptest', [...options, ...common], { stdio: 'ignore' })
  const exit = once(child, 'exit')
  return {
    /** Resolves when slowhttptest has ended. */
    exit,
    async end() {
      child.kill()
      await exit
    },
  }
}

interface Sample {
  status: number
  durationMs: number
}

/** Sends requests from normal clients until `stop` is called. */
export async function startNormalClients(url: string) {
  const replies: Sample[] = []
  let isStopped = false
  async function read() {
    const { send, close } = createClient(url, NORMAL_ADDRESS)
    while (!isStopped) {
      replies.push(await send('GET', '/notes/123'))
      await delay(PAUSE_MS)
    }
    close()
  }
  const reading = Promise.all(Array.from({ length: NORMAL_CLIENTS }, read))
  while (replies.length < 50 * NORMAL_CLIENTS) await delay(PAUSE_MS)
  return {
    /** Returns the responses since the previous call. */
    take: () => replies.splice(0),
    async stop() {
      isStopped = true
      await reading
    },
  }
}

function medianMs(replies: Sample[]): number {
  const times = replies.map(({ durationMs }) => durationMs).sort((a, b) => a - b)
  return Number(times[Math.floor(times.length / 2)])
}

/** Expects that each of the slow clients is disconnected soon, and that normal clients get their responses. */
export async function expectProtected(
  t: Test,
  url: string,
  count: number,
  [path, ...options]: [path: string, ...options: string[]],
) {
  const normal = await startNormalClients(url)
  const before = normal.take()
  const connections = watchConnections(Number(new URL(url).port))
  const { exit, end } = attack(`${url}${path}`, count, ...options)
  await Promise.race([exit, connections.until(() => connections.count() >= count)])
  await Promise.race([exit, connections.until(() => connections.held() === 0)])
  const during = normal.take()
  await end()
  connections.stop()
  await normal.stop()

  t.ok(connections.count() >= count, 'all slow clients connected')
  const longestMs = connections.longestMs()
  t.ok(
    longestMs < MAX_CONNECTION_MS * LOAD_FACTOR,
    `the longest connection lasts ${Math.round(longestMs)} ms`,
  )
  expectServed(t, before, during)
}

export function expectServed(t: Test, before: Sample[], during: Sample[]) {
  const failures = during.filter(({ status }) => status !== 200)
  t.same(failures, [], `all ${during.length} responses to normal clients are 200`)
  t.comment(
    `median ${medianMs(before).toFixed(1)} ms before, ${medianMs(during).toFixed(1)} ms during`,
  )
}

/** Starts the service, and stores a file of nearly BODY_LIMIT bytes. */
export async function startWithLarge(t: Test, environment: Record<string, string> = {}) {
  const server = await startServer(
    t,
    { ...FAST_START, DATABASE_URL: 'sqlite::memory:', ...environment },
    undefined,
    FIXTURES,
  )
  const reply = await fetch(`${server.url}/files`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.alloc(1_000_000, 'a'),
  })
  t.equal(reply.headers.get('location'), LARGE)
  return server
}
