import { get } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { startRedis } from '../redis-server.ts'
import { skipUnless } from '../requirement.ts'
import { type Replica, startReplicas } from './replicas.ts'

/** What a client may ask a minute, and what it asks: more than three processes would let pass. */
const LIMIT = 20
const ASKED = 4 * LIMIT

/** How many clients ask now and then meanwhile. */
const OTHERS = 4

/** How long one of them waits between two requests, in milliseconds. */
const PAUSE = 20

/** Answers to wait for, so that each replica has given some. */
const MANY = 100

t.setTimeout(180_000)

/** Asks from one of the addresses of the loopback interface, and gives the status of the answer. */
async function ask(url: string, localAddress: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  get(`${url}/hello`, { localAddress, agent: false }, (reply) => {
    reply.resume().on('end', () => resolve(Number(reply.statusCode)))
  }).on('error', reject)
  return promise
}

let clients = 0

/** An address that has not asked before. */
function newClient(): string {
  clients++
  return `127.1.${clients >> 8}.${clients & 255}`
}

/** How many requests of a new client pass, of too many. */
async function countPassing(url: string): Promise<number> {
  const client = newClient()
  let passing = 0
  for (let count = 0; count < ASKED; count++) {
    const status = await ask(url, client)
    if (status === 200) passing++
    else if (status !== 429) throw new Error(`${status}`)
  }
  return passing
}

/** Has clients ask, each but once, until it is stopped, and gives the statuses of the answers so far. */
function startOthers(url: string) {
  const statuses: number[] = []
  let isStopped = false
  async function repeat() {
    while (!isStopped) {
      statuses.push(await ask(url, newClient()))
      await delay(PAUSE)
    }
  }
  const asking = Promise.all(Array.from({ length: OTHERS }, repeat))
  return {
    statuses,
    async more() {
      const { length } = statuses
      while (statuses.length < length + MANY) await delay(PAUSE)
    },
    async stop() {
      isStopped = true
      await asking
    },
  }
}

/** How often each replica has said something. */
function countLines(replicas: Replica[], text: string): number[] {
  return replicas.map(({ server }) => server.lines.filter((line) => line.includes(text)).length)
}

const LOST = 'Redis is unreachable'
const BACK = 'Redis is back'

t.test(
  'three replicas behind nginx with one Redis',
  { skip: skipUnless('nginx', 'redis-server') },
  async (t) => {
    const redis = await startRedis(t)
    const { replicas, url } = await startReplicas(t, {
      DATABASE_URL: 'sqlite::memory:',
      REDIS_URL: redis.url,
      RATE_LIMIT: String(LIMIT),
      TRUST_PROXY: '127.0.0.1',
    })
    /** Waits until all of them have a connection: then no more pass than may, and no fewer. */
    async function countTogether() {
      while ((await countPassing(url)) !== LIMIT);
      // a machine may be so busy that Redis is late, which the log tells
      for (;;) {
        const before = countLines(replicas, LOST)
        const passing = await countPassing(url)
        if (countLines(replicas, LOST).every((count, index) => count === before[index]))
          return passing
      }
    }
    t.equal(await countTogether(), LIMIT, 'they count together')

    const others = startOthers(url)
    await others.more()
    const before = countLines(replicas, LOST)
    await redis.crash()
    await others.more()
    t.ok((await countPassing(url)) > LIMIT, 'without Redis each counts its own')
    await others.more()
    const lost = countLines(replicas, LOST).map((count, index) => count - Number(before[index]))
    t.same(lost, [1, 1, 1], 'each tells the loss once')

    await redis.start()
    t.equal(await countTogether(), LIMIT, 'they count together again')
    await others.more()
    await others.stop()
    t.same(countLines(replicas, BACK), countLines(replicas, LOST), 'each tells the return once')
    t.same([...new Set(others.statuses)], [200], `${others.statuses.length} others were served`)
    for (const { server } of replicas) t.equal(await server.stop(), 0)
  },
)
