/**
 * Debug: the tutorial's `app.run(debug=True)`.
 *
 * For an unexpected error, a browser gets a page with message, stack trace and source code, and the trace of the
 * `explain` plugin. Other clients get the name and message; the stack trace is in the log. The app loads this plugin only
 * with DEBUG=true. Never use it in production.
 */
import { inspect } from 'node:util'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Youch } from 'youch'

type RenderDebugPage = (
  error: unknown,
  request: FastifyRequest,
  trace?: string[],
) => Promise<string>

declare module 'fastify' {
  interface FastifyInstance {
    /** Renders an unexpected error as a page for developers. Undefined without the debug plugin. */
    renderDebugPage?: RenderDebugPage
    /** Describes an unexpected error for developers. Undefined without the debug plugin. */
    describeUnexpected?: (error: unknown) => string
  }
}

async function debug(app: FastifyInstance) {
  app.decorate('renderDebugPage', renderDebugPage)
  app.decorate('describeUnexpected', (error) =>
    error instanceof Error ? `${error.name}: ${error.message}` : inspect(error),
  )
}

const renderDebugPage: RenderDebugPage = (error, { method, url }, trace = []) => {
  const youch = new Youch()
  const rows = trace.map((member, index) => ({ key: String(index + 1), value: member }))
  youch.metadata.group('Trace', { 'in this order': rows })
  return youch.toHTML(error, { request: { method, url, headers: {} } }) // headers may contain credentials
}

export default fp(debug, { name: 'debug', fastify: '5.x' })
