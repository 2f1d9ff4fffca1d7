/** The gate between Node's server and Fastify, at which the `overload` plugin refuses requests. */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'

/** Calls `handle` now or later, or sends a response itself. */
export type Gate = (
  request: IncomingMessage,
  response: ServerResponse,
  handle: RequestListener,
) => void

const gates = new WeakMap<Server, Gate>()

export function setGate(server: Server, gate: Gate): void {
  gates.set(server, gate)
}

/** Returns a request listener that passes requests to the server's gate, or, without a gate, to `handle`. */
export function shedLoad(server: Server, handle: RequestListener): RequestListener {
  let gate: Gate | undefined
  return (request, response) => {
    gate ??= gates.get(server)
    if (gate) gate(request, response, handle)
    else handle(request, response)
  }
}
