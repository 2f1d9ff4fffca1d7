import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import {
  connectionProblem,
  type ParseError,
  TUNNEL_REFUSED,
  writeLastReply,
} from '../src/http/connection-problem.ts'
import type { Problem } from '../src/http/problem.ts'

/**
 * Connections: what fails before there is a request (RFC 9112 §2.2, §9.5).
 *
 * Octets that are no request, too many of them or too slow ones, and tunnels get the same document of
 * an error as everything else. The reply is the last on its connection.
 */
export default fp(
  async (app) => {
    app.addHook('onRequest', (request, reply, done) => {
      exchanges.set(request.raw.socket, { request, response: reply.raw })
      done()
    })
    // Node hands these over without an answer, and takes off what it listened with: a reset that nobody
    // hears of ends the process
    app.server.on('connect', (_request: IncomingMessage, socket: Socket) => {
      socket.on('error', () => {}).resume()
      refuse(app, { problem: TUNNEL_REFUSED, reason: 'CONNECT' }, socket)
    })
  },
  { name: 'connection', dependencies: ['errors'] },
)

/** The latest request on each connection, and its answer. */
const exchanges = new WeakMap<Socket, { request: FastifyRequest; response: ServerResponse }>()

/** Answers what never became a request, in the same document as everything else, and hangs up. */
export function sendClientError(this: FastifyInstance, error: ParseError, socket: Socket) {
  const { request, response } = exchanges.get(socket) ?? {}
  const refusal = { problem: connectionProblem(error), reason: error.code }
  const isAnswering = response !== undefined && !response.writableFinished
  if (isAnswering && request?.raw.complete) {
    // these octets came behind a request that is still to be answered: its answer goes first
    response.once('finish', () => refuse(this, refusal, socket))
  } else if (isAnswering && response.headersSent) {
    // half an answer is out: another would be read as the rest of it
    socket.destroy()
  } else {
    refuse(this, refusal, socket, isAnswering ? request?.id : undefined)
  }
}

interface Refusal {
  problem: Problem
  /** Why, for the log. */
  reason: string
}

/** Connections that got their last reply. */
const refused = new WeakSet<Socket>()

/**
 * How long a connection is read on after its last reply, in milliseconds. To close it with octets
 * unread would reset it, and could take the reply from the client (RFC 9112 §9.6).
 */
const LINGER = 1_000

function refuse(
  app: FastifyInstance,
  { problem, reason }: Refusal,
  socket: Socket,
  id: string = randomUUID(),
) {
  // the parser fails anew with whatever comes behind
  if (refused.has(socket)) return
  refused.add(socket)
  if (!socket.writable) {
    socket.destroy()
    return
  }
  app.log.info({ reqId: id, status: problem.status, reason }, 'connection refused')
  socket.end(writeLastReply(problem, id))
  const timer = setTimeout(() => socket.destroy(), LINGER)
  socket.once('close', () => clearTimeout(timer))
}
