/** Responses to CONNECT, and to malformed, too large or too slow bytes, which never become a request. */
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { closeAfterReading, connectionOf } from '../../src/http/connection.ts'
import {
  connectionProblem,
  type ParseError,
  writeLastReply,
} from '../../src/http/connection-problem.ts'
import type { Problem } from '../../src/http/problem.ts'
import { pendingOn } from './serialize-per-connection.ts'

interface Refusal {
  problem: Problem
  /** Reason for the refusal, for the log. */
  reason: string
}

declare module 'node:http' {
  interface IncomingMessage {
    /** Request id, for the log. A property, since a WeakMap would take longer than most hooks. */
    id?: string
  }
}

/** Fastify's `clientErrorHandler`: sends an error document and closes the connection. */
export function sendClientError(this: FastifyInstance, error: ParseError, socket: Socket): void {
  refuseInOrder(this, { problem: connectionProblem(error), reason: error.code }, socket)
}

/** Sends the refusal after the responses to earlier requests on the connection (RFC 9112 §9.3.2). */
export function refuseInOrder(app: FastifyInstance, refusal: Refusal, socket: Socket): void {
  const pending = pendingOn(socket)
  if (!pending) {
    refuse(app, refusal, socket)
    return
  }
  const { request, response, before } = pending
  if (before) {
    before.response.once('finish', () => refuseInOrder(app, refusal, socket))
  } else if (request.complete || response.writableEnded) {
    response.once('finish', () => refuse(app, refusal, socket))
  } else if (response.headersSent) {
    // Sends no refusal, since the client would read it as part of the response that is being sent.
    socket.destroy()
  } else {
    refuse(app, refusal, socket, request.id)
  }
}

/** @param handledId id of the request if Fastify handles it */
function refuse(
  app: FastifyInstance,
  { problem, reason }: Refusal,
  socket: Socket,
  handledId?: string,
) {
  const connection = connectionOf(socket)
  // The client has ended the connection in the middle of a request, but may still read the last response.
  if (connection.isClosing) return
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const id = handledId ?? randomUUID()
  // The hooks count a request that Fastify handles.
  if (handledId === undefined) app.countRefusedPeer?.(socket.remoteAddress)
  connection.refusedStatus = problem.status
  app.metrics?.countRefusal(problem.status)
  const client = app.loggedAddress?.(socket.remoteAddress)
  app.log.info({ reqId: id, client, status: problem.status, reason }, 'connection refused')
  socket.write(writeLastReply(problem, id))
  closeAfterReading(socket)
}
