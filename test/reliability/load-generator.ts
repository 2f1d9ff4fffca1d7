/**
 * Sends requests to the service on a port of this machine, and prints the outcome as JSON.
 *
 *     node test/reliability/load-generator.ts '{"port":5000,"collection":"/notes","seconds":5,"connections":1000,"rate":2000}'
 *
 * With a rate, the load is an open loop: requests are sent at that rate even if responses do not arrive, and
 * latency is measured from the time at which a request was due. Without a rate, the load is a closed loop: each
 * connection sends its next request after a response. Clients time out after a second, and disconnect. The program
 * parses the bytes of sockets itself, because Node's HTTP client would need more time than the service.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import type { Probes } from './prober.ts'

export interface Order {
  port: number
  /** Path of the collection. The load reads its item 123, and creates items with POST. */
  collection: string
  seconds: number
  connections: number
  /** Number of requests per second in an open loop; absent for a closed loop. */
  rate?: number
}

export interface Outcome {
  /** Number of successful responses per second within the client timeout. */
  goodput: number
  /** Number of responses by status. */
  statuses: Record<string, number>
  /** Number of 503 responses without Retry-After. */
  withoutRetryAfter: number
  /** Number of requests whose client timed out. */
  timedOut: number
  /** Number of requests whose connection the server closed. */
  lost: number
  /** Number of requests that were due but not sent, because no connection was free. */
  unsent: number
  /** Median and 99th percentile of the latency of successful responses, in milliseconds. */
  took: [number, number]
  /** Results of requests for health and metrics during the load. */
  probes: Probes
  /** Event loop utilization of this process, from 0 to 1. */
  busy: number
  /** 99th percentile of the delay between the due time and the sending of a request, in milliseconds. */
  late: number
}

const CLIENT_TIMEOUT_MS = 1_000

/** Number of connections that are opened at the same time. */
const BATCH = 50

const CHECK_INTERVAL_MS = 50

const REQUESTS_PER_WRITE = 10

const { port, collection, seconds, connections, rate }: Order = JSON.parse(String(process.argv[2]))

const BODY = JSON.stringify({
  title: 'A title',
  body: 'A body of some length. '.repeat(20),
  author: 'luis',
})
const ALIVE = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'
const READ = `GET ${collection}/123 HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n`
const WRITE = [
  `POST ${collection} HTTP/1.1`,
  'Host: localhost',
  'Accept: application/json',
  'Authorization: Bearer secret-token',
  'Content-Type: application/json',
  `Content-Length: ${BODY.length}`,
  '',
  BODY,
].join('\r\n')

interface Connection {
  socket: Socket
  /** Time at which the pending request was due; undefined if no response is pending. */
  due: number | undefined
  received: string
  onReply(connection: Connection, head: string, due: number): void
}

const clients = new Set<Connection>()
const idle: Connection[] = []
const took: number[] = []
const late: number[] = []
const statuses: Record<string, number> = {}
let withoutRetryAfter = 0
let timedOut = 0
let lost = 0
let sent = 0
let begin = 0
let end = 0

function openConnection(onReply: Connection['onReply'], onClose: (isLost: boolean) => void) {
  const socket = connect(port, '127.0.0.1')
  const connection: Connection = { socket, due: undefined, received: '', onReply }
  socket
    .setNoDelay()
    .setEncoding('latin1')
    .on('data', (chunk: string) => receive(connection, chunk))
    .on('error', () => {})
    .on('close', () => onClose(connection.due !== undefined))
  return connection
}

/** Collects the bytes of a response. Each connection has only one request in flight. */
function receive(connection: Connection, chunk: string) {
  connection.received += chunk
  const bodyBegin = connection.received.indexOf('\r\n\r\n') + 4
  if (bodyBegin < 4) return
  const head = connection.received.slice(0, bodyBegin)
  const [, length = '0'] = /content-length: (\d+)/i.exec(head) ?? []
  if (connection.received.length < bodyBegin + Number(length)) return
  connection.received = ''
  const due = Number(connection.due)
  connection.due = undefined
  connection.onReply(connection, head, due)
}

function openClient() {
  const client = openConnection(onAnswer, (isLost) => {
    clients.delete(client)
    if (isLost) lost++
  })
  clients.add(client)
  if (begin > 0) client.socket.once('connect', () => beIdle(client))
  return client
}

/**
 * Resolves when the service has accepted a connection. The event 'connect' is not sufficient, because the kernel
 * completes more handshakes than the accept queue can hold. The kernel then drops data, which clients must send again.
 */
function isAccepted(client: Connection): Promise<void> {
  return new Promise((resolve) => {
    client.onReply = () => {
      client.onReply = onAnswer
      resolve()
    }
    client.socket.write(ALIVE)
  })
}

function onAnswer(client: Connection, head: string, due: number) {
  const now = performance.now()
  const status = head.slice(9, 12)
  statuses[status] = (statuses[status] ?? 0) + 1
  if (status === '503' && !/\r\nretry-after: \d/i.test(head)) withoutRetryAfter++
  if (status.startsWith('2') && now < end) took.push(now - due)
  if (/\r\nconnection: close/i.test(head)) client.socket.destroy()
  else beIdle(client)
}

function beIdle(client: Connection) {
  const isClosedLoop = rate === undefined && begin > 0 && performance.now() < end
  if (isClosedLoop) send(client, performance.now())
  else idle.push(client)
}

function send(client: Connection, due: number) {
  client.due = due
  client.socket.write(sent++ % REQUESTS_PER_WRITE === 0 ? WRITE : READ)
  late.push(performance.now() - due)
}

/** Returns the number of requests that are due by now. */
function countDue(rate: number) {
  return Math.floor(((Math.min(performance.now(), end) - begin) * rate) / 1_000)
}

/** Sends the requests that are due, as long as connections are free. */
function sendDue(rate: number) {
  const due = countDue(rate)
  while (sent < due) {
    const client = idle.pop()
    if (!client) return
    if (client.socket.writable) send(client, begin + (sent * 1_000) / rate)
  }
}

function disconnectLate() {
  const now = performance.now()
  for (const client of clients) {
    if (client.due === undefined || now - client.due < CLIENT_TIMEOUT_MS) continue
    timedOut++
    client.due = undefined
    client.socket.destroy()
  }
}

/** Replaces clients that disconnected, one batch per call. */
function reopen() {
  for (let count = 0; count < BATCH && clients.size < connections; count++) openClient()
}

/** Starts a thread that requests health and metrics. Returns a function that stops the thread. */
function startProbing() {
  const worker = new Worker(new URL('prober.ts', import.meta.url), { workerData: port })
  return async () => {
    worker.postMessage('end')
    const [probes] = await once(worker, 'message')
    return probes as Probes // the only message that the thread sends
  }
}

function percentile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN
}

while (clients.size < connections) {
  const count = Math.min(BATCH, connections - clients.size)
  await Promise.all(Array.from({ length: count }, () => isAccepted(openClient())))
}
idle.push(...clients)
const stopProbing = startProbing()
const utilization = performance.eventLoopUtilization()
begin = performance.now()
end = begin + seconds * 1_000
const timers = [
  setInterval(disconnectLate, CHECK_INTERVAL_MS),
  setInterval(reopen, CHECK_INTERVAL_MS),
]
if (rate !== undefined) timers.push(setInterval(() => sendDue(rate), 1))
else for (const client of idle.splice(0)) send(client, performance.now())

setTimeout(async () => {
  const outcome: Outcome = {
    goodput: took.filter((each) => each <= CLIENT_TIMEOUT_MS).length / seconds,
    statuses,
    withoutRetryAfter,
    timedOut,
    lost,
    unsent: rate === undefined ? 0 : countDue(rate) - sent,
    took: [percentile(took, 0.5), percentile(took, 0.99)],
    probes: await stopProbing(),
    busy: performance.eventLoopUtilization(utilization).utilization,
    late: percentile(late, 0.99),
  }
  console.log(JSON.stringify(outcome))
  for (const timer of timers) clearInterval(timer)
  for (const client of clients) {
    client.due = undefined
    client.socket.destroy()
  }
}, seconds * 1_000)
