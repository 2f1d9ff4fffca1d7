/**
 * Debug: the tutorial's `app.run(debug=True)`.
 *
 * With DEBUG=true, a browser that gets an unexpected error sees its message, stack and source, and the trace
 * of the plugin `explain`. Otherwise the library that renders the page is not even loaded.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { parseOptions } from '../src/plugin-options.ts'

export const DebugOptions = Type.Object({
  enabled: Type.Boolean({
    default: false,
    description: 'Shows stacks and source to clients; never enable it in production',
  }),
})
export type DebugOptions = Partial<Static<typeof DebugOptions>>

/** Options of the service, from its configuration. */
export const autoConfig = ({ config }: FastifyInstance): DebugOptions => config.debug

type RenderDebugPage = (
  error: unknown,
  request: FastifyRequest,
  trace?: string[],
) => Promise<string>

declare module 'fastify' {
  interface FastifyInstance {
    /** Renders an unexpected error as a page for developers. Undefined if disabled. */
    renderDebugPage?: RenderDebugPage
  }
}

async function debug(app: FastifyInstance, given: DebugOptions) {
  const { enabled } = parseOptions('debug', DebugOptions, given)
  if (enabled) app.decorate('renderDebugPage', await loadRenderer())
}

async function loadRenderer(): Promise<RenderDebugPage> {
  const { Youch } = await import('youch')
  return (error, { method, url }, trace = []) => {
    const youch = new Youch()
    const rows = trace.map((member, index) => ({ key: String(index + 1), value: member }))
    youch.metadata.group('Trace', { 'in this order': rows })
    return youch.toHTML(error, { request: { method, url, headers: {} } }) // headers hold credentials
  }
}

export default fp(debug, { name: 'debug', fastify: '5.x' })
