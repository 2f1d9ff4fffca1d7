/**
 * Preferences: `Prefer: return=minimal` and `return=representation` for writes (RFC 7240).
 *
 * With `return=minimal`, the response to a write has no content: 204 instead of 200, or 201 with Location.
 * `Preference-Applied` says which preference the response follows. Without the header field, the response is the one
 * that the route sends.
 */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { addHook } from '../src/hooks.ts'
import { returnPreference } from '../src/http/prefer.ts'
import { isUnsafe, SAFE_METHODS } from '../src/http/route-info.ts'
import { RESPONSE_FIELDS } from '../src/schemas/response-fields.ts'
import { addResponse, addResponseFields, noContent } from '../src/schemas/responses.ts'

/** Statuses of successes to which `return=minimal` applies. */
const SUCCESSES = [200, 201, 204]

const CONTENT_FIELDS = ['content-disposition', 'content-length', 'content-location', 'content-type']

/** Validators, which identify content that the client does not get. */
const VALIDATORS = ['etag', 'last-modified']

async function preferences(app: FastifyInstance) {
  app.addHook('onRoute', (route) => {
    if (isUnsafe(route)) declareMinimal(route)
  })
  addHook(app, 'onSend', 'preferences', (request, reply, payload) => {
    const { prefer } = request.headers
    if (prefer === undefined || SAFE_METHODS.includes(request.method)) return payload
    const preference = returnPreference(String(prefer))
    if (preference === 'minimal') return minimize(request, reply, payload)
    // Only then the content is the representation of a resource.
    if (preference && reply.hasHeader('content-location')) apply(reply, preference)
    return payload
  })
}

/** Declares the responses with `return=minimal`. */
function declareMinimal(route: RouteOptions) {
  const response = Object(route.schema?.response)
  if (response[200] && !response[204]) {
    const { ETag, 'Last-Modified': modified } = Object(response[200].headers)
    const validators = { ...(ETag && { ETag }), ...(modified && { 'Last-Modified': modified }) }
    const headers = route.method === 'PUT' ? {} : validators
    const done = noContent('The request succeeded, and the client prefers no content')
    addResponse(route, 204, { ...done, headers })
  }
  addResponseFields(route, SUCCESSES, { 'Preference-Applied': {} })
  if (route.method === 'PUT' && response[201]?.headers?.ETag) {
    const { description, schema } = RESPONSE_FIELDS.ETag
    addResponseFields(route, [201], { ETag: { ...schema, description } }) // not required
  }
}

/** Removes the content of a success. */
function minimize({ method }: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (!SUCCESSES.includes(reply.statusCode)) return payload
  if (payload instanceof Readable) payload.destroy()
  if (reply.statusCode === 200) reply.code(204)
  for (const name of CONTENT_FIELDS) reply.removeHeader(name)
  // After a PUT, a client would assume that a validator identifies what it has sent (RFC 9110 §9.3.4).
  if (method === 'PUT') for (const name of VALIDATORS) reply.removeHeader(name)
  apply(reply, 'minimal')
  return null
}

function apply(reply: FastifyReply, preference: string) {
  reply.header('preference-applied', `return=${preference}`)
}

export default fp(preferences, { name: 'preferences', fastify: '5.x' })
