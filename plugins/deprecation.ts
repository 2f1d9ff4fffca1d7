/**
 * Deprecation: tells clients that an operation, or a member that they sent, is deprecated (Deprecation, RFC 9745), and when
 * it may be gone (Sunset, RFC 8594). Counts these requests by client.
 *
 * Mark operations and members with `deprecated` of src/http/deprecation.ts. A member is a query parameter, or a member of
 * the body outside arrays. Routes without such marks have no hook.
 */
import { Counter } from '@prometheus-io/client'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import {
  type Deprecated,
  type DeprecatedMember,
  Deprecation,
  deprecatedMembers,
} from '../src/http/deprecation.ts'
import { parseOptions } from '../src/plugin-options.ts'
import { addResponseFields } from '../src/schemas/responses.ts'

declare module 'fastify' {
  interface FastifySchema extends Deprecated {}
  interface FastifyRequest {
    /** Links to the deprecations that apply to the request. */
    deprecationLinks: string | null
  }
}

/** Clients that the metric names. Further clients count as `other`. */
const MAX_CLIENTS = 100

async function deprecation(app: FastifyInstance) {
  const count = createCount(app)
  app.decorateRequest('deprecationLinks', null)
  app.addHook('onRoute', (route) => {
    const marks = marksOf(route)
    if (marks.length === 0) return
    const operation = route.schema?.operationId ?? `${route.method} ${route.url}`
    declareFields(route)
    route.preValidation = [route.preValidation ?? [], announce].flat()
    route.onSend = [route.onSend ?? [], addLinks].flat()

    function announce(request: FastifyRequest, reply: FastifyReply, done: () => void) {
      const used = marks.filter(({ path }) => hasMember(request, path))
      for (const { path } of used) count(request, operation, path.join('.'))
      if (used.length > 0) setFields(request, reply, used)
      done()
    }
  })
}

/**
 * Returns the deprecated members of a route's requests, and the operation itself, with an empty path, if it is deprecated.
 *
 * @throws {Error} if a mark is invalid, for example with a date that does not exist
 */
function marksOf({ schema = {}, url }: RouteOptions): DeprecatedMember[] {
  const { 'x-deprecation': own } = schema
  const marks = [...(own ? [{ path: [], deprecation: own }] : []), ...deprecatedMembers(schema)]
  for (const { path, deprecation } of marks) {
    parseOptions(['deprecation of', url, ...path].join(' '), Deprecation, deprecation)
  }
  return marks
}

/** Returns true if a request has a value at a path. */
function hasMember(request: FastifyRequest, path: readonly string[]): boolean {
  let value: unknown = request
  for (const name of path) {
    if (value !== request && !Object.hasOwn(Object(value), name)) return false
    value = Reflect.get(Object(value), name)
  }
  return true
}

/** Sets the fields of the earliest deprecation and the earliest sunset. */
function setFields(request: FastifyRequest, reply: FastifyReply, used: DeprecatedMember[]) {
  const since = used.map((mark) => Date.parse(mark.deprecation.since))
  reply.header('deprecation', `@${Math.min(...since) / 1_000}`)
  const sunsets = used.flatMap(({ deprecation: { sunset } }) =>
    sunset ? [Date.parse(sunset)] : [],
  )
  if (sunsets.length > 0) reply.header('sunset', new Date(Math.min(...sunsets)).toUTCString())
  const links = used.map(({ deprecation }) => linkTo(deprecation))
  request.deprecationLinks = [...new Set(links)].join(', ')
}

function linkTo({ link, sunset }: Deprecation): string {
  return `<${link}>; rel="${sunset ? 'deprecation sunset' : 'deprecation'}"`
}

/** Adds the links to a success, after the handler has set its own. */
function addLinks(
  { deprecationLinks: links }: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
) {
  if (links && reply.statusCode < 400)
    reply.header('link', [reply.getHeader('link') ?? [], links].flat().join(', '))
  done(null, payload)
}

/** Declares the fields of successes. All operations share the declarations of failures. */
function declareFields(route: RouteOptions) {
  const statuses = Object.keys(Object(route.schema?.response)).map(Number)
  const successes = statuses.filter((status) => status < 400)
  addResponseFields(route, successes, { Deprecation: {}, Sunset: {}, Link: {} })
}

/** Returns a function that counts a request in the metrics, if there are metrics. */
function createCount(app: FastifyInstance) {
  let counter: Counter<'operation' | 'member' | 'client'> | undefined
  const clients = new Set<string>()
  app.addHook('onReady', async () => {
    const registers = app.metrics && [app.metrics.registry] // the metrics plugin may be registered later
    counter = registers && new Counter({ ...COUNTER, registers })
  })
  return ({ principal }: FastifyRequest, operation: string, member: string) => {
    const name = principal?.name ?? ''
    if (clients.size < MAX_CLIENTS) clients.add(name)
    counter?.inc({ operation, member, client: clients.has(name) ? name : 'other' })
  }
}

const COUNTER = {
  name: 'http_deprecated_requests_total',
  help: 'Requests that used a deprecated operation or member, by client',
  labelNames: ['operation', 'member', 'client'],
} as const

export default fp(deprecation, { name: 'deprecation', fastify: '5.x' })
