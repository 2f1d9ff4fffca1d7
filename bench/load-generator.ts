/**
 * Sends requests to the service on a port of this machine, and writes what came of them as JSON.
 *
 *     node bench/load-generator.ts '{"port":5000,"seconds":5,"connections":1000,"rate":2000}'
 *
 * With a rate it sends as many a second whatever becomes of them, as many clients do that know nothing of
 * each other (an open loop); what cannot be sent in time is late from then on. Without one, each
 * connection sends when it has an answer (a closed loop). Clients wait a second, and then hang up. The
 * sockets are read by hand: a client of Node's own would take longer than the service.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import type { Probes } from './prober.ts'

export interface Order {
  port: number
  seconds: number
  connections: number
  /** Requests a second; as many as there are answers where there is none. */
  rate?: number
}

export interface Outcome {
  /** Successes a second that came within the patience of a client. */
  goodput: number
  /** How many answers there were, by status. */
  statuses: Record<string, number>
  /** Of those, how many were 503 without Retry-After. */
  withoutRetryAfter: number
  /** How many clients hung up, how many lost their connection, and how many requests had none. */
  impatient: number
  lost: number
  unsent: number
  /** The median and the 99th percentile of what successes took, in milliseconds. */
  took: [number, number]
  /** How health and metrics were meanwhile. */
  probes: Probes
  /** How busy this process was, from 0 to 1, and the 99th percentile of how late it sent. */
  busy: number
  late: number
}

/** How long a client waits for an answer, in milliseconds. */
const PATIENCE = 1_000

/** How many connections are opened at a time. */
const BATCH = 50

/** How often it is looked who has waited too long, in milliseconds. */
const CHECKING = 50

/** Every so many requests one writes. */
const WRITES = 10

const ARTICLE = JSON.stringify({
  title: 'A title',
  body: 'A body of some length. '.repeat(20),
  author: 'luis',
})
const ALIVE = 'GET /health/live HTTP/1.1\r\nHost: h\r\n\r\n'
const READ = 'GET /articles/123 HTTP/1.1\r\nHost: h\r\nAccept: application/json\r\n\r\n'
const WRITE = [
  'POST /articles HTTP/1.1',
  'Host: h',
  'Accept: application/json',
  'Authorization: Bearer secret-token',
  'Content-Type: application/json',
  `Content-Length: ${ARTICLE.length}`,
  '',
  ARTICLE,
].join('\r\n')

interface Connection {
  socket: Socket
  /** When its request was due, while that has no answer. */
  due: number | undefined
  received: string
  onReply(connection: Connection, head: string, due: number): void
}

const { port, seconds, connections, rate }: Order = JSON.parse(String(process.argv[2]))
const clients = new Set<Connection>()
const idle: Connection[] = []
const took: number[] = []
const late: number[] = []
const statuses: Record<string, number> = {}
let withoutRetryAfter = 0
let impatient = 0
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

/** One request at a time is under way on a connection, so what comes is one reply. */
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
 * Waits until the service has taken a connection in. The kernel tells that of more than it can hold, and
 * has those send again and again what it has dropped.
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
  client.socket.write(sent++ % WRITES === 0 ? WRITE : READ)
  late.push(performance.now() - due)
}

/** How many requests are due by now. */
function countDue(rate: number) {
  return Math.floor(((Math.min(performance.now(), end) - begin) * rate) / 1_000)
}

/** Sends what is due, as far as there are connections. */
function sendDue(rate: number) {
  const due = countDue(rate)
  while (sent < due) {
    const client = idle.pop()
    if (!client) return
    if (client.socket.writable) send(client, begin + (sent * 1_000) / rate)
  }
}

function hangUp() {
  const now = performance.now()
  for (const client of clients) {
    if (client.due === undefined || now - client.due < PATIENCE) continue
    impatient++
    client.due = undefined
    client.socket.destroy()
  }
}

/** Has others take the place of those that hung up, not all at once. */
function reopen() {
  for (let count = 0; count < BATCH && clients.size < connections; count++) openClient()
}

/** Has a thread ask for health and metrics, and gives what has it tell how that went. */
function startProbing() {
  const worker = new Worker(new URL('prober.ts', import.meta.url), { workerData: port })
  return async () => {
    worker.postMessage('end')
    const [probes] = await once(worker, 'message')
    return probes as Probes // which it sends alone
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
const timers = [setInterval(hangUp, CHECKING), setInterval(reopen, CHECKING)]
if (rate !== undefined) timers.push(setInterval(() => sendDue(rate), 1))
else for (const client of idle.splice(0)) send(client, performance.now())

setTimeout(async () => {
  const outcome: Outcome = {
    goodput: took.filter((each) => each <= PATIENCE).length / seconds,
    statuses,
    withoutRetryAfter,
    impatient,
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
