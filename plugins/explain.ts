/**
 * Explain: adds the header field Debug-Trace, which explains the status of a response. The app loads this plugin
 * only with DEBUG=true. Never use it in production.
 *
 * Debug-Trace is a Dictionary (RFC 9651 §3.2): the checks that the request passed through, in order, then the
 * error, if any, and the status. Plugins add members with `request.explain?.(…)`. Without this plugin, the
 * arguments are not even evaluated.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { addHook } from '../src/hooks.ts'
import { writeMember } from '../src/http/structured-field.ts'

type Member = Parameters<typeof writeMember>

declare module 'fastify' {
  interface FastifyRequest {
    /** Adds a member to Debug-Trace: name, value and parameters. Undefined without the explain plugin. */
    explain?: (...member: Member) => void
  }
  interface FastifyInstance {
    /**
     * Adds an error to Debug-Trace, with the detail that the client gets. Returns all members, which an error page
     * shows. Also sets the header field, since the onSend hook does not run if the router refused the URL.
     */
    explainError?: (reply: FastifyReply, error: unknown, detail?: string) => string[]
  }
}

/** Serialized members by name. A WeakMap, since requests that the router refused have no decorators. */
const traces = new WeakMap<FastifyRequest, Map<string, string>>()

async function explainPlugin(app: FastifyInstance) {
  app.decorateRequest('explain', explain)
  app.decorate('explainError', explainError)
  app.addHook('preHandler', async (request) => {
    request.explain?.('valid', validatedParts(request))
  })
  addHook(app, 'onSend', 'explain', (_request, reply, payload) => {
    setTrace(reply)
    return payload
  })
}

function explain(this: FastifyRequest, ...member: Member) {
  traceOf(this).set(member[0], writeMember(...member))
}

function traceOf(request: FastifyRequest): Map<string, string> {
  const trace = traces.get(request) ?? new Map<string, string>()
  traces.set(request, trace)
  return trace
}

function explainError(reply: FastifyReply, error: unknown, detail?: string): string[] {
  const { code, name } = Object(error)
  explain.call(reply.request, 'error', String(code ?? name ?? typeof error), { detail })
  return setTrace(reply)
}

function setTrace(reply: FastifyReply): string[] {
  const { request } = reply
  const members = [
    writeMember('target', request.originalUrl),
    writeMember('method', request.method),
    ...traceOf(request).values(),
    writeMember('status', reply.statusCode),
  ]
  reply.header('debug-trace', members.join(', '))
  return members
}

/** Returns the parts of the request that the route has schemas for. */
function validatedParts({ routeOptions: { schema } }: FastifyRequest): string[] {
  return ['params', 'querystring', 'headers', 'body'].filter((part) =>
    Object.hasOwn(schema ?? {}, part),
  )
}

export default fp(explainPlugin, { name: 'explain', fastify: '5.x' })
