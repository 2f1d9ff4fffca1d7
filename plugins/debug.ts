import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { parseOptions } from '../src/plugin-options.ts'

export const DebugOptions = Type.Object({
  enabled: Type.Boolean({ default: false, description: 'Never enable it in production' }),
})
export type DebugOptions = Partial<Static<typeof DebugOptions>>

/** Options of the service, from its configuration. */
export const autoConfig = ({ config }: FastifyInstance): DebugOptions => config.debug

/**
 * Debugging: the tutorial's `app.run(debug=True)`.
 *
 * With DEBUG=true, and only then, a browser that meets an unexpected error is shown its message,
 * stack and source, below them what `plugins/explain.ts` has found out. The library that draws the
 * page is not even loaded otherwise.
 */
export default fp(
  async (app, given: DebugOptions) => {
    const options = parseOptions('debug', DebugOptions, given)
    app.decorate('renderDebugPage', options.enabled ? await loadPage() : null)
  },
  { name: 'debug' },
)

type DrawError = (error: unknown, request: FastifyRequest, decisions?: string[]) => Promise<string>

declare module 'fastify' {
  interface FastifyInstance {
    /** Draws an unexpected error as a page for a developer; null unless DEBUG is on. */
    renderDebugPage: DrawError | null
  }
}

async function loadPage(): Promise<DrawError> {
  const { Youch } = await import('youch')
  return async (error, { method, url }, decisions = []) => {
    const youch = new Youch()
    const rows = decisions.map((decision, index) => ({ key: String(index + 1), value: decision }))
    youch.metadata.group('Decisions', { 'in this order': rows })
    return youch.toHTML(error, { request: { method, url, headers: {} } })
  }
}
