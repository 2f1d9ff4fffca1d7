/** Errors of the router: a path that is not valid UTF-8, or a segment that is longer than the longest target. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { endRequest, runHooks } from '../../src/hooks.ts'
import { sendError } from './send-error.ts'

/** Fastify's `frameworkErrors`: runs the hooks, which Fastify skips for these errors, and sends the error. */
export async function sendFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  runHooks('onErrorReply', request, reply)
  await sendError(headError(request, reply) ?? error, request, reply)
  endRequest(request.server, request, reply)
}

/**
 * Returns the error that another part of the request head causes, if any. This error takes precedence over the
 * router's, since it may require closing the connection.
 */
function headError(request: FastifyRequest, reply: FastifyReply): unknown {
  try {
    runHooks('onFrameworkError', request, reply)
    return undefined
  } catch (error) {
    return error
  }
}
