/**
 * Measures a slice: a fixed number of requests over keep-alive connections, one request at a time on each connection.
 * Parses the responses itself, since Node's HTTP client would take more CPU time than the service.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Running } from './process.ts'
import type { Workload } from './workloads.ts'

/** Requests per slice, unless the workload sets `slice`. */
const SLICE = 1_000

/** So many connections that the server always has a request to handle. Waking an idle server would also take CPU time. */
const CONNECTIONS = 32

const ATTEMPTS = 5

/** Time after which the server has written all log lines. The CPU time of a slice includes writing them. */
const FLUSH_MS = 20

/** Thrown if a response has a status that the workload does not expect. */
class UnexpectedStatus extends Error {
  readonly status: number

  constructor(workload: Workload, status: number) {
    super(`${workload.name}: status ${status}, expected ${workload.status}`)
    this.status = status
  }
}

export interface Connection {
  /** Sends a request, and returns the status of the response after its whole body was received. */
  exchange(request: string): Promise<number>
  close(): void
}

/** Opens connections to a server. Call it before the measurement, which must not include opening connections. */
export function openConnections(url: string, count: number): Promise<Connection[]> {
  return Promise.all(Array.from({ length: count }, () => openConnection(new URL(url))))
}

async function openConnection({ hostname, port }: URL): Promise<Connection> {
  const socket = connect(Number(port), hostname).setNoDelay().setEncoding('latin1')
  await once(socket, 'connect')
  let received = ''
  let pending: PromiseWithResolvers<number> | undefined
  socket.on('error', () => {}) // 'close' follows
  socket.on('close', () => pending?.reject(new Error('the server closed the connection')))
  socket.on('data', (chunk: string) => {
    received += chunk
    const length = lengthOf(received)
    if (Number.isNaN(length)) pending?.reject(new Error('a response has no Content-Length'))
    if (!(received.length >= length)) return
    const status = Number(received.slice(9, 12)) // after "HTTP/1.1 "
    received = ''
    pending?.resolve(status)
  })
  return {
    exchange(request) {
      pending = Promise.withResolvers()
      if (socket.destroyed) pending.reject(new Error('the connection is closed'))
      else socket.write(request)
      return pending.promise
    },
    close: () => socket.destroy(),
  }
}

/** Returns the length of a response: Infinity while its head is incomplete, NaN if it has no Content-Length. */
function lengthOf(received: string): number {
  const bodyBegin = received.indexOf('\r\n\r\n') + 4
  if (bodyBegin < 4) return Number.POSITIVE_INFINITY
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, bodyBegin)) ?? []
  return bodyBegin + Number(length)
}

/** Returns the request of a workload as HTTP/1.1 text. */
export function encodeRequest({ method, path, headers = {}, body = '' }: Workload): string {
  const fields = { host: 'localhost', ...headers, ...(body && { 'content-length': body.length }) }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

/** Sends the request of a workload `count` times. @throws {Error} if a response has an unexpected status. */
export async function sendRequests(connections: Connection[], workload: Workload, count: number) {
  const request = encodeRequest(workload)
  let unsent = count
  const sendNext = async (connection: Connection) => {
    while (unsent > 0) {
      unsent--
      const status = await connection.exchange(request)
      if (status !== workload.status) {
        throw new UnexpectedStatus(workload, status)
      }
    }
  }
  await Promise.all(connections.map(sendNext))
}

/**
 * Returns the CPU time per request that a server takes for a slice, in microseconds. If a response is a 503, measures
 * the slice again, because refusing a request takes little CPU time. A server refuses requests if it has not had the
 * processor for a while.
 *
 * @throws {Error} if a response has an unexpected status other than 503, or if all ATTEMPTS measurements have a 503.
 */
export async function measureSlice(
  server: Running,
  workload: Workload,
  attempt = 1,
): Promise<number> {
  try {
    return await attemptSlice(server, workload)
  } catch (error) {
    const isOverloaded = error instanceof UnexpectedStatus && error.status === 503
    if (!isOverloaded || attempt === ATTEMPTS) throw error
    return measureSlice(server, workload, attempt + 1)
  }
}

async function attemptSlice(server: Running, workload: Workload): Promise<number> {
  const { slice = SLICE } = workload
  const connections = await openConnections(server.url, CONNECTIONS)
  try {
    await sendRequests(connections, workload, connections.length) // after this, the server has accepted the connections
    const before = server.cpuTime()
    await sendRequests(connections, workload, slice)
    await sleep(FLUSH_MS)
    return (server.cpuTime() - before) / slice
  } finally {
    for (const connection of connections) connection.close()
  }
}
