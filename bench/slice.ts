/**
 * Sends an exact number of requests over keep-alive connections, each one request at a time.
 * The sockets are read by hand: Node's own HTTP client would take longer than the service.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Running } from './process.ts'
import type { Work } from './work.ts'

/** Requests of a slice, unless the work has a number of its own. */
const SLICE = 1_000

/** Enough that the server always has a request to answer: to wake it costs CPU time as well. */
const CONNECTIONS = 32

const ATTEMPTS = 5

/** Log lines are written after this time at the latest; the CPU time for that is part of the slice. */
const FLUSH_MS = 20

/** A response to a request of a slice had a status that the work does not expect. */
class UnexpectedStatus extends Error {
  readonly status: number

  constructor(work: Work, status: number) {
    super(`${work.name}: status ${status}, expected ${work.status}`)
    this.status = status
  }
}

export interface Connection {
  /** Sends a request and returns the status of the response, once all of its body is here. */
  exchange(request: string): Promise<number>
  close(): void
}

/** Opens connections to a server, so that accepting them is not part of what is measured. */
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

/** Returns the length of a response: Infinity while its head is incomplete, NaN if it is not said. */
function lengthOf(received: string): number {
  const bodyBegin = received.indexOf('\r\n\r\n') + 4
  if (bodyBegin < 4) return Number.POSITIVE_INFINITY
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, bodyBegin)) ?? []
  return bodyBegin + Number(length)
}

/** Returns a work's request as HTTP/1.1 text. */
export function encodeRequest({ method, path, headers = {}, body = '' }: Work): string {
  const fields = { host: 'localhost', ...headers, ...(body && { 'content-length': body.length }) }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

/** Sends a work's request `count` times. @throws {Error} if a response has another status. */
export async function sendRequests(connections: Connection[], work: Work, count: number) {
  const request = encodeRequest(work)
  let unsent = count
  const sendNext = async (connection: Connection) => {
    while (unsent > 0) {
      unsent--
      const status = await connection.exchange(request)
      if (status !== work.status) {
        throw new UnexpectedStatus(work, status)
      }
    }
  }
  await Promise.all(connections.map(sendNext))
}

/**
 * Returns the CPU time that a server takes for each request of a slice, in microseconds. A slice with a
 * 503 is measured again: a server whose core was taken away for long refuses requests, which is cheap.
 *
 * @throws {Error} if a response has another status, or every attempt had a 503.
 */
export async function measureSlice(server: Running, work: Work, attempt = 1): Promise<number> {
  try {
    return await attemptSlice(server, work)
  } catch (error) {
    const isOverloaded = error instanceof UnexpectedStatus && error.status === 503
    if (!isOverloaded || attempt === ATTEMPTS) throw error
    return measureSlice(server, work, attempt + 1)
  }
}

async function attemptSlice(server: Running, work: Work): Promise<number> {
  const { slice = SLICE } = work
  const connections = await openConnections(server.url, CONNECTIONS)
  try {
    await sendRequests(connections, work, connections.length) // accepts the connections
    const before = server.cpuTime()
    await sendRequests(connections, work, slice)
    await sleep(FLUSH_MS)
    return (server.cpuTime() - before) / slice
  } finally {
    for (const connection of connections) connection.close()
  }
}
