import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { writeMember } from '../src/http/structured-field.ts'

/**
 * Decisions: why a reply has the status that it has.
 *
 * With DEBUG=true, and only then, every reply to a request tells in the field Decisions, a Dictionary
 * (RFC 9651 §3.2), what was found out about the request, in this order, and the status that came of it.
 * A check that was passed is there; one that was not is the `error`. The other plugins tell what they
 * decide with `request.decided?.(…)`: while that is null, its arguments are not even evaluated.
 */
export default fp(
  async (app) => {
    const { DEBUG } = app.config
    app.decorateRequest('decided', DEBUG ? decided : null)
    app.decorate('explain', DEBUG ? explain : null)
    if (!DEBUG) return
    app.addHook('preHandler', (request, _reply, done) => {
      request.decided?.('valid', validated(request))
      done()
    })
    app.addHook('onSend', (_request, reply, _payload, done) => {
      tellDecisions(reply)
      done()
    })
  },
  // after what changes the status in onSend
  { name: 'decisions', dependencies: ['conditions'] },
)

type Decision = Parameters<typeof writeMember>

declare module 'fastify' {
  interface FastifyRequest {
    /** Notes a decision: its name, its outcome and what led to it. Null unless DEBUG is on. */
    decided: ((...decision: Decision) => void) | null
  }
  interface FastifyInstance {
    /**
     * Notes what was thrown, with what the client is told of it, and gives the decisions for a page, a
     * line each; null unless DEBUG is on. It sets the field too: for what the router refuses no hook
     * runs.
     */
    explain: ((reply: FastifyReply, thrown: unknown, detail?: string) => string[]) | null
  }
}

/** The decisions about each request, as they are written, by name. */
const noted = new WeakMap<FastifyRequest, Map<string, string>>()

function decided(this: FastifyRequest, ...decision: Decision) {
  decisionsOf(this).set(decision[0], writeMember(...decision))
}

function decisionsOf(request: FastifyRequest): Map<string, string> {
  const decisions = noted.get(request) ?? new Map<string, string>()
  noted.set(request, decisions)
  return decisions
}

function explain(reply: FastifyReply, thrown: unknown, detail?: string): string[] {
  const { code, name } = Object(thrown)
  // a request that the router refuses lacks what decorates the others
  decided.call(reply.request, 'error', String(code ?? name ?? typeof thrown), { detail })
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
  reply.header('decisions', members.join(', '))
  return members
}

/** The parts of a request that fit the schemas which the route has for them. */
function validated({ routeOptions: { schema } }: FastifyRequest): string[] {
  return ['params', 'querystring', 'headers', 'body'].filter((part) =>
    Object.hasOwn(schema ?? {}, part),
  )
}
