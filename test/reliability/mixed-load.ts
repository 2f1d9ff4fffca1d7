import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { readAll } from '../socket.ts'
import { conversation } from './conversations.ts'
import { seededRandom } from './random.ts'

/** How many clients talk at once, and how many of them leave before they are answered. */
const TALKERS = 16
const LEAVERS = 4

/** How long one waits between two connections, in milliseconds. */
const PAUSE = 20

/** From how many addresses they come. */
const ADDRESSES = 1_000

/** What leavers send of a request before they wait, and leave. */
const BEGINNINGS = [
  'GET /articles HTTP/1.1\r\nHost',
  'POST /messages HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nhalf',
  'GET /articles HTTP/1.1\r\nHost: h\r\n\r\n'.repeat(50),
]

/** Clients that do all that clients do. */
export interface MixedLoad {
  /** How many requests were answered. */
  answers(): number
  /** Answers that should have been others, as a text each. */
  problems: Set<string>
  stop(): Promise<void>
}

/** How many there were, of all loads: no article and no key is asked for twice. */
let connections = 0

export function startMixedLoad(port: number): MixedLoad {
  const random = seededRandom(1)
  const problems = new Set<string>()
  let isStopped = false
  let answers = 0

  /** Connects from one of many addresses of the loopback interface. */
  async function open(): Promise<Socket> {
    connections++
    const index = connections % ADDRESSES
    const localAddress = `127.0.${1 + (index >> 8)}.${index & 255}`
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    await once(socket, 'connect')
    return socket
  }
  async function talk() {
    const { title, octets, statuses } = conversation(random(), connections)
    const socket = await open()
    const text = readAll(socket)
    socket.write(octets, 'latin1')
    const found = [...(await text).matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status)
    answers += found.length
    const isRight =
      found.length === statuses.length &&
      statuses.every((allowed, index) => allowed.includes(Number(found[index])))
    if (!isRight) problems.add(`${title}: ${found.join(' ')}`)
  }
  async function leave() {
    const socket = await open()
    socket.on('error', () => {})
    socket.write(String(BEGINNINGS[Math.floor(random() * BEGINNINGS.length)]))
    await delay(PAUSE * random())
    socket.destroy()
  }
  async function repeat(act: () => Promise<void>) {
    while (!isStopped) {
      await act()
      await delay(PAUSE)
    }
  }
  const clients = Promise.all([
    ...Array.from({ length: TALKERS }, () => repeat(talk)),
    ...Array.from({ length: LEAVERS }, () => repeat(leave)),
  ])
  return {
    answers: () => answers,
    problems,
    async stop() {
      isStopped = true
      await clients
    },
  }
}
