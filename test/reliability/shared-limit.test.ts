import { get } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { ACCOUNT } from '../app.ts'
import { startRedis } from '../redis-server.ts'
import { skipUnless } from '../requirement.ts'
import { type Replica, startReplicas } from './replicas.ts'

/** Limit of requests per minute per client. */
const RATE_LIMIT = 20

/** Number of requests of a client, which is more than three replicas that count separately would accept. */
const REQUESTS = 4 * RATE_LIMIT

/** Number of clients that send requests in the background. */
const BACKGROUND_CLIENTS = 4

/** Pause of a background client between two requests. */
const PAUSE_MS = 20

/** Number of responses to wait for, so that each replica sends some. */
const MIN_RESPONSES = 100

t.setTimeout(180_000)

/** Sends a request from a loopback address and returns the status of the response. */
async function sendFrom(url: string, localAddress: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  get(`${url}/greeting`, { localAddress, agent: false }, (reply) => {
    reply.resume().on('end', () => resolve(Number(reply.statusCode)))
  }).on('error', reject)
  return promise
}

let clients = 0

/** Returns an address that has not sent a request before. */
function newClient(): string {
  clients++
  return `127.1.${clients >> 8}.${clients & 255}`
}

/** Sends too many requests from a new client and returns the number that succeeds. */
async function countAccepted(url: string): Promise<number> {
  const client = newClient()
  let accepted = 0
  for (let count = 0; count < REQUESTS; count++) {
    const status = await sendFrom(url, client)
    if (status === 200) accepted++
    else if (status !== 429) throw new Error(`${status}`)
  }
  return accepted
}

/** Sends requests in the background until `stop` is called, each from a new client. */
function startBackgroundLoad(url: string) {
  const statuses: number[] = []
  let isStopped = false
  async function repeat() {
    while (!isStopped) {
      statuses.push(await sendFrom(url, newClient()))
      await delay(PAUSE_MS)
    }
  }
  const sending = Promise.all(Array.from({ length: BACKGROUND_CLIENTS }, repeat))
  return {
    statuses,
    async waitForMore() {
      const { length } = statuses
      while (statuses.length < length + MIN_RESPONSES) await delay(PAUSE_MS)
    },
    async stop() {
      isStopped = true
      await sending
    },
  }
}

/** Returns the number of log lines with a text, for each replica. */
function countLines(replicas: Replica[], text: string): number[] {
  return replicas.map(({ server }) => server.lines.filter((line) => line.includes(text)).length)
}

const LOST = 'Redis is unreachable'
const BACK = 'Redis is back'

t.test(
  'three replicas behind nginx share a rate limit through Redis',
  { skip: skipUnless('nginx', 'redis-server') },
  async (t) => {
    const redis = await startRedis(t)
    const { replicas, url } = await startReplicas(t, {
      DATABASE_URL: 'sqlite::memory:',
      REDIS_URL: redis.url,
      RATE_LIMIT: String(RATE_LIMIT),
      ...ACCOUNT,
      TRUST_PROXY: '127.0.0.1',
    })
    /** Waits until all replicas are connected to Redis, then returns the number of accepted requests. */
    async function countWithRedis() {
      while ((await countAccepted(url)) !== RATE_LIMIT);
      // Under load, a replica may lose Redis for a moment. The count is then repeated.
      for (;;) {
        const before = countLines(replicas, LOST)
        const accepted = await countAccepted(url)
        if (countLines(replicas, LOST).every((count, index) => count === before[index]))
          return accepted
      }
    }
    t.equal(await countWithRedis(), RATE_LIMIT, 'the replicas share the limit')

    const background = startBackgroundLoad(url)
    await background.waitForMore()
    const before = countLines(replicas, LOST)
    await redis.crash()
    await background.waitForMore()
    t.ok((await countAccepted(url)) > RATE_LIMIT, 'without Redis each replica counts separately')
    await background.waitForMore()
    const lost = countLines(replicas, LOST).map((count, index) => count - Number(before[index]))
    t.same(lost, [1, 1, 1], 'each replica logs the loss once')

    await redis.start()
    t.equal(await countWithRedis(), RATE_LIMIT, 'the replicas share the limit again')
    await background.waitForMore()
    await background.stop()
    t.same(
      countLines(replicas, BACK),
      countLines(replicas, LOST),
      'each replica logs once that Redis is back',
    )
    t.same(
      [...new Set(background.statuses)],
      [200],
      `${background.statuses.length} background requests succeed`,
    )
    for (const { server } of replicas) t.equal(await server.stop(), 0)
  },
)
