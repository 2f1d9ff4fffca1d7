import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { skipUnless } from '../requirement.ts'
import { FAST_START, startServer } from '../server.ts'
import { createClient } from './client.ts'
import { watchConnections } from './connections.ts'

const skip = skipUnless('slowhttptest')

/** How many clients are slow at a time, how many of them come a second, and how many are as usual. */
const SLOW = 300
const RATE = 100
const USUAL = 4

/** How long a usual client waits between two requests, in milliseconds. */
const PAUSE = 20

/** How long slow clients go on, in seconds, unless the service cuts them. */
const LENGTH = 60

/** After how long a slow client is cut, in milliseconds. A busy machine is given four times that. */
const PROMISED = 10_000
const LENIENCE = 4

t.setTimeout(300_000)

/** The message that is read slowly, of many octets. */
const LARGE = '/messages/1'

/** What slowhttptest is told, and where it is sent. */
const ATTACKS: Record<string, [path: string, ...options: string[]]> = {
  'slow heads': ['/', '-H', '-i', '1', '-x', '8'],
  'slow bodies': ['/messages', '-B', '-i', '1', '-x', '8', '-s', '8192', '-f', 'text/plain'],
  // many times, since on the loopback interface the kernel takes megabytes before anyone reads
  'slow readers': [LARGE, '-X', '-k', '10', '-n', '1', '-z', '32', '-w', '512', '-y', '1024'],
}

/** Starts slowhttptest, which opens its connections and does to each what its options say. */
function attack(url: string, ...options: string[]) {
  const common = ['-u', url, '-c', `${SLOW}`, '-r', `${RATE}`, '-l', `${LENGTH}`]
  const child = spawn('slowhttptest', [...options, ...common], { stdio: 'ignore' })
  const exit = once(child, 'exit')
  return {
    /** Waits until it has ended by itself. */
    exit,
    async end() {
      child.kill()
      await exit
    },
  }
}

interface Answer {
  status: number
  /** How long it took, in milliseconds. */
  took: number
}

/** Sends requests from usual clients until it is stopped, and gives the answers. */
async function startUsual(url: string) {
  const replies: Answer[] = []
  let isStopped = false
  async function read() {
    const { send, close } = createClient(url)
    while (!isStopped) {
      replies.push(await send('GET', '/articles/123'))
      await delay(PAUSE)
    }
    close()
  }
  const reading = Promise.all(Array.from({ length: USUAL }, read))
  while (replies.length < 50 * USUAL) await delay(PAUSE)
  return {
    /** The answers since this was asked last. */
    take: () => replies.splice(0),
    async stop() {
      isStopped = true
      await reading
    },
  }
}

function median(replies: Answer[]): number {
  const times = replies.map(({ took }) => took).sort((a, b) => a - b)
  return Number(times[Math.floor(times.length / 2)])
}

for (const [title, [path, ...options]] of Object.entries(ATTACKS)) {
  t.test(`${title} are cut, and others served as before`, { skip }, async (t) => {
    const { url } = await startWithLarge(t)
    const usual = await startUsual(url)
    const before = usual.take()
    const connections = watchConnections(Number(new URL(url).port))
    const { exit, end } = attack(`${url}${path}`, ...options)
    await Promise.race([exit, connections.until(() => connections.count() >= SLOW)])
    await Promise.race([exit, connections.until(() => connections.held() === 0)])
    const beside = usual.take()
    await end()
    connections.stop()
    await usual.stop()

    t.ok(connections.count() >= SLOW, 'there were as many as there should be')
    const longest = connections.longest()
    t.ok(longest < PROMISED * LENIENCE, `the last is cut after ${Math.round(longest)} ms`)
    expectServed(t, before, beside)
  })
}

t.test('who asks for many ranges gets the whole', { skip }, async (t) => {
  const { url, lines } = await startWithLarge(t)
  const usual = await startUsual(url)
  const before = usual.take()
  await attack(`${url}${LARGE}`, '-R', '-t', 'GET').exit
  const beside = usual.take()
  await usual.stop()
  const answers = lines.filter((line) => line.includes('/messages/:messageId'))
  t.ok(answers.length >= SLOW, `${answers.length} of them, and its own probes`)
  t.same(
    answers.filter((line) => JSON.parse(line).status !== 200),
    [],
  )
  expectServed(t, before, beside)
})

function expectServed(t: Test, before: Answer[], beside: Answer[]) {
  const failures = beside.filter(({ status }) => status !== 200)
  t.same(failures, [], `${beside.length} answers beside them`)
  t.comment(`median ${median(before).toFixed(1)} ms before, ${median(beside).toFixed(1)} beside`)
}

/** Starts the service, and has it keep a message of nearly BODY_LIMIT. */
async function startWithLarge(t: Test) {
  const server = await startServer(t, { ...FAST_START, DATABASE_URL: 'sqlite::memory:' })
  const reply = await fetch(`${server.url}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.alloc(1_000_000, 'a'),
  })
  t.equal(reply.headers.get('location'), LARGE)
  return server
}
