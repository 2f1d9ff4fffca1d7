import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../src/hooks.ts'
import { writeMember } from '../src/http/structured-field.ts'
import { parseOptions } from '../src/plugin-options.ts'

export const ExplainOptions = Type.Object({
  enabled: Type.Boolean({ default: false, description: 'Never enable it in production' }),
})
export type ExplainOptions = Partial<Static<typeof ExplainOptions>>

/** Options of the service, from its configuration. */
export const autoConfig = ({ config }: FastifyInstance): ExplainOptions => config.explain

/**
 * Decisions: why a reply has the status that it has.
 *
 * With DEBUG=true, and only then, every reply to a request tells in the field Decisions, a Dictionary
 * (RFC 9651 §3.2), what was found out about the request, in this order, and the status that came of it.
 * A check that was passed is there; one that was not is the `error`. The other plugins tell what they
 * decide with `request.explain?.(…)`: while that is null, its arguments are not even evaluated.
 */
export default fp(
  async (app, given: ExplainOptions) => {
    const options = parseOptions('explain', ExplainOptions, given)
    const { enabled } = options
    app.decorateRequest('explain', enabled ? explain : null)
    app.decorate('explainError', enabled ? explainError : null)
    if (!enabled) return
    addHook(app, 'preHandler', 'explain', (request) => {
      request.explain?.('valid', validated(request))
    })
    addHook(app, 'onSend', 'explain', (_request, reply, payload) => {
      tellDecisions(reply)
      return payload
    })
  },
  { name: 'explain', fastify: '5.x' },
)

type Decision = Parameters<typeof writeMember>

declare module 'fastify' {
  interface FastifyRequest {
    /** Notes a decision: its name, its outcome and what led to it. Null unless DEBUG is on. */
    explain?: ((...decision: Decision) => void) | null
  }
  interface FastifyInstance {
    /**
     * Notes what was thrown, with what the client is told of it, and gives the decisions for a page, a
     * line each; null unless DEBUG is on. It sets the field too: for what the router refuses no hook
     * runs.
     */
    explainError?: ((reply: FastifyReply, thrown: unknown, detail?: string) => string[]) | null
  }
}

/** The decisions about each request, as they are written, by name. */
const noted = new WeakMap<FastifyRequest, Map<string, string>>()

function explain(this: FastifyRequest, ...decision: Decision) {
  decisionsOf(this).set(decision[0], writeMember(...decision))
}

function decisionsOf(request: FastifyRequest): Map<string, string> {
  const decisions = noted.get(request) ?? new Map<string, string>()
  noted.set(request, decisions)
  return decisions
}

function explainError(reply: FastifyReply, thrown: unknown, detail?: string): string[] {
  const { code, name } = Object(thrown)
  // a request that the router refuses lacks what decorates the others
  explain.call(reply.request, 'error', String(code ?? name ?? typeof thrown), { detail })
  return tellDecisions(reply)
}

function tellDecisions(reply: FastifyReply): string[] {
  const { request } = reply
  const members = [
    writeMember('target', request.originalUrl),
    writeMember('method', request.method),
    ...decisionsOf(request).values(),
    writeMember('status', reply.statusCode),
  ]
  reply.header('debug-trace', members.join(', '))
  return members
}

/** The parts of a request that fit the schemas which the route has for them. */
function validated({ routeOptions: { schema } }: FastifyRequest): string[] {
  return ['params', 'querystring', 'headers', 'body'].filter((part) =>
    Object.hasOwn(schema ?? {}, part),
  )
}
