/** Preconditions of methods that may change something (RFC 9110 §13.2.2). */
import type { FastifyRequest } from 'fastify'
import { checkPreconditions, type State } from '../../src/http/preconditions.ts'
import { SAFE_METHODS } from '../../src/http/route-info.ts'

/** Header fields with preconditions (RFC 9110 §13.1). */
const PRECONDITIONS = ['if-match', 'if-none-match', 'if-unmodified-since']

/**
 * The preHandler hook of routes that may change something: checks the preconditions, unless the handler checks them.
 *
 * @throws {HttpError} like `checkPreconditions`, unless the request repeats one that has succeeded
 */
export async function checkWritePreconditions(request: FastifyRequest): Promise<void> {
  const { headers, method, routeOptions } = request
  if (SAFE_METHODS.includes(method)) return // the route has several methods
  if (routeOptions.config.requiresIfMatch) return
  if (!PRECONDITIONS.some((name) => headers[name] !== undefined)) return
  const state = await currentState(request)
  try {
    checkPreconditions(request.headers, state)
  } catch (error) {
    // The first request may have changed the state, and its result is sent again.
    if (!(await request.isRepeat?.())) throw error
  }
}

/** Returns the state of the target resource; undefined if it has no representation. */
async function currentState(request: FastifyRequest): Promise<State | undefined> {
  const { config, url } = request.routeOptions
  if (config.currentVersion) return config.currentVersion(request)
  return request.server.hasRoute({ method: 'GET', url: String(url) }) ? {} : undefined
}
