import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
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
    const inFlight = new Set<FastifyReply>()
    app.decorate('inFlight', inFlight)
    app.addHook('onRequest', (request, reply, done) => {
      request.raw.id = request.id
      inFlight.add(reply)
      // all of it is on its way, or nobody is there to take it
      reply.raw.on('close', () => inFlight.delete(reply))
      done()
    })
    // Node hands these over without an answer, and takes off what it listened with: a reset that nobody
    // hears of ends the process
    app.server.on('connect', (_request: IncomingMessage, socket: Socket) => {
      socket.on('error', () => {}).resume()
      refuseInTurn(app, { problem: TUNNEL_REFUSED, reason: 'CONNECT' }, socket)
    })
  },
  { name: 'connection', dependencies: ['errors', 'metrics'] },
)

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  /** The one before, while this one waits for its turn. */
  before?: Exchange | undefined
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The replies that are still to be given, or taken. */
    readonly inFlight: ReadonlySet<FastifyReply>
  }
}

declare module 'node:http' {
  interface IncomingMessage {
    /** What the log knows the request by; a map of them would take longer than most plugins do. */
    id?: string
  }
}

declare module 'node:net' {
  interface Socket {
    /** The latest request on the connection, and its answer. */
    exchange?: Exchange
  }
}

/**
 * Has the requests of a connection handled one after the other. What was sent behind a write finds it
 * done (RFC 9112 §9.3.2), behind a reply that ends the connection nothing is done (§9.6), and many
 * small requests at once make no heap of large replies.
 */
export function inOrder(handle: RequestListener): RequestListener {
  return (request, response) => {
    const { socket } = request
    const before = pendingOn(socket)
    const exchange: Exchange = { request, response, before }
    socket.exchange = exchange
    if (!before) {
      handle(request, response)
      return
    }
    before.response.once('finish', () => {
      exchange.before = undefined
      if (socket.writable) handle(request, response)
    })
  }
}

/** The latest exchange on a connection, where its answer is still to be sent. */
function pendingOn({ exchange }: Socket): Exchange | undefined {
  // only then is it known whether the connection goes on
  const isOver = exchange?.response.writableFinished && exchange.response.socket === null
  return isOver ? undefined : exchange
}

/** Answers what never became a request, in the same document as everything else, and hangs up. */
export function sendClientError(this: FastifyInstance, error: ParseError, socket: Socket) {
  refuseInTurn(this, { problem: connectionProblem(error), reason: error.code }, socket)
}

/** Answers behind what is still to be answered on the connection (RFC 9112 §9.3.2). */
function refuseInTurn(app: FastifyInstance, refusal: Refusal, socket: Socket) {
  const pending = pendingOn(socket)
  if (!pending) {
    refuse(app, refusal, socket)
    return
  }
  const { request, response, before } = pending
  if (before) {
    before.response.once('finish', () => refuseInTurn(app, refusal, socket))
  } else if (request.complete || response.writableEnded) {
    // its answer goes first
    response.once('finish', () => refuse(app, refusal, socket))
  } else if (response.headersSent) {
    // half an answer is out: another would be read as the rest of it
    socket.destroy()
  } else {
    refuse(app, refusal, socket, request.id)
  }
}

interface Refusal {
  problem: Problem
  /** Why, for the log. */
  reason: string
}

/** Connections that got their last reply, with its status. */
const refused = new WeakMap<Socket, number>()

/** The status of a request whose client left before its answer; nginx made it up, and tools know it. */
export const CLIENT_CLOSED = 499

/** Has it told how each request ended: with the status of its answer, or of what took its place. */
export function onEnd(
  app: FastifyInstance,
  tell: (request: FastifyRequest, status: number) => void,
) {
  app.addHook('onResponse', (request, reply, done) => {
    tell(request, reply.statusCode)
    done()
  })
  app.addHook('onRequestAbort', (request, done) => {
    tell(request, abortedStatus(request))
    done()
  })
}

/** What became of a request that was not answered: the refusal of its body, or its client left. */
export function abortedStatus({ raw }: FastifyRequest): number {
  return refused.get(raw.socket) ?? CLIENT_CLOSED
}

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
  refused.set(socket, problem.status)
  if (!socket.writable) {
    socket.destroy()
    return
  }
  app.metrics.countRefusal(problem.status)
  app.log.info({ reqId: id, status: problem.status, reason }, 'connection refused')
  socket.end(writeLastReply(problem, id))
  setTimeout(() => socket.destroy(), LINGER).unref()
}
