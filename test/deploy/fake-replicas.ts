import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type RequestOptions,
  request,
  type Server,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import { type Adapt, startNginx } from '../nginx.ts'

/** A fake replica. It records requests, and responds or cuts the connection. */
export interface Replica {
  server: Server
  address: string
  requests: { method: string; headers: IncomingMessage['headers']; length: number }[]
  connections: number
  isCutting: boolean
  /** If true, the replica does not respond. */
  isHolding: boolean
}

async function startReplica(t: Test): Promise<Replica> {
  const server = createServer(async (incoming, reply) => {
    const { method = '', headers } = incoming
    const { length } = await text(incoming)
    replica.requests.push({ method, headers, length })
    if (replica.isCutting) incoming.socket.destroy()
    else if (!replica.isHolding)
      reply.setHeader('allow', 'GET').writeHead(405).end('{"status":405}')
  })
  server.on('connection', () => replica.connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  const address = `127.0.0.1:${portOf(server)}`
  const replica: Replica = {
    server,
    address,
    requests: [],
    connections: 0,
    isCutting: false,
    isHolding: false,
  }
  return replica
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port // the address of a TCP server is an object
}

/** Starts nginx in front of three fake replicas. */
export async function startFakes(t: Test, adapt?: Adapt) {
  const replicas = await Promise.all([1, 2, 3].map(() => startReplica(t)))
  const url = await startNginx(
    t,
    replicas.map(({ address }) => address),
    adapt,
  )

  async function ask(
    method: string,
    headers: Record<string, string> = {},
    body = '',
    options: RequestOptions = {},
  ) {
    const outgoing = request(url, { method, headers, path: '/a//b?c=%2F', ...options })
    outgoing.end(body)
    const [reply] = (await once(outgoing, 'response')) as [IncomingMessage]
    return { status: reply.statusCode, headers: reply.headers, body: await text(reply) }
  }

  for (const replica of replicas) replica.requests.length = 0
  return { url, replicas, ask, received: () => replicas.flatMap(({ requests }) => requests) }
}
