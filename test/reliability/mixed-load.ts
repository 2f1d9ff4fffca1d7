import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { readAll } from '../socket.ts'
import { conversation } from './conversations.ts'
import { seededRandom } from './random.ts'

/** Number of clients that read all responses. */
const COMPLETE_CLIENTS = 16

/** Number of clients that disconnect before they have received all responses. */
const ABORTING_CLIENTS = 4

/** Pause of a client between two connections. */
const PAUSE_MS = 20

/** Number of client addresses. */
const ADDRESSES = 1_000

/** Incomplete and pipelined requests, whose clients disconnect early. */
const ABORTED_REQUESTS = [
  'GET /notes HTTP/1.1\r\nHost',
  'POST /files HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nhalf',
  'GET /notes HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(50),
]

/** Clients that send requests of all kinds. */
export interface MixedLoad {
  /** Returns the number of responses so far. */
  answers(): number
  /** Titles and statuses of conversations with an unexpected response. */
  problems: Set<string>
  stop(): Promise<void>
}

/** Counts the connections of all loads, so that ids and keys are unique. */
let connections = 0

export function startMixedLoad(port: number): MixedLoad {
  const random = seededRandom(1)
  const problems = new Set<string>()
  let isStopped = false
  let answers = 0

  /** Opens a connection from the next loopback address. */
  async function open(): Promise<Socket> {
    connections++
    const index = connections % ADDRESSES
    const localAddress = `127.0.${1 + (index >> 8)}.${index & 255}`
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    await once(socket, 'connect')
    return socket
  }
  async function converse() {
    const { title, bytes, statuses } = conversation(random(), connections)
    const socket = await open()
    const text = readAll(socket)
    socket.write(bytes, 'latin1')
    const found = [...(await text).matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status)
    answers += found.length
    const isRight =
      found.length === statuses.length &&
      statuses.every((allowed, index) => allowed.includes(Number(found[index])))
    if (!isRight) problems.add(`${title}: ${found.join(' ')}`)
  }
  async function abort() {
    const socket = await open()
    socket.on('error', () => {})
    socket.write(String(ABORTED_REQUESTS[Math.floor(random() * ABORTED_REQUESTS.length)]))
    await delay(PAUSE_MS * random())
    socket.destroy()
  }
  async function repeat(act: () => Promise<void>) {
    while (!isStopped) {
      await act()
      await delay(PAUSE_MS)
    }
  }
  const clients = Promise.all([
    ...Array.from({ length: COMPLETE_CLIENTS }, () => repeat(converse)),
    ...Array.from({ length: ABORTING_CLIENTS }, () => repeat(abort)),
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
