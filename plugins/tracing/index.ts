import type { Span } from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../../src/hooks.ts'
import { parseOptions } from '../../src/plugin-options.ts'

export const TracingOptions = Type.Object({
  endpoint: Type.Optional(
    Type.String({ description: 'URL of an OpenTelemetry collector; tracing is off if absent' }),
  ),
  serviceName: Type.String({ default: 'restful-web-api', description: 'Name in the traces' }),
  samplingRatio: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 1,
    description: 'Sampling ratio of requests without a traceparent',
  }),
})
export type TracingOptions = Partial<Static<typeof TracingOptions>>

/** Options of the service, from its configuration. */
export const autoConfig = ({ config }: FastifyInstance): TracingOptions => config.tracing

/**
 * Tracing: each request as a span of its trace, by the conventions of OpenTelemetry for HTTP.
 *
 * A `traceparent` is continued (W3C Trace Context). The span says what the log says, never the URL, and
 * every line about the request has its trace. Without OTEL_EXPORTER_OTLP_ENDPOINT nothing of it is even
 * loaded.
 */
export default fp(
  async (app, given: TracingOptions) => {
    const options = parseOptions('tracing', TracingOptions, given)
    const { endpoint, serviceName, samplingRatio } = options
    if (!endpoint) return
    const { startTracing } = await import('./tracer.ts')
    const { startSpan, endSpan, close } = startTracing({
      endpoint,
      serviceName,
      ratio: samplingRatio,
      onLoss: (error) => app.log.warn({ err: error }, 'traces are lost'),
    })
    const spans = new WeakMap<FastifyRequest, Span>()

    addHook(app, 'onRequest', 'tracing', (request, reply) => {
      const span = startSpan(request.method, request.headers)
      spans.set(request, span)
      const { traceId, spanId } = span.spanContext()
      request.log = request.log.child({ traceId, spanId })
      reply.log = request.log
    })
    addHook(app, 'onRequestEnd', 'tracing', (request, { status }) => {
      const span = spans.get(request)
      if (span) endSpan(span, request.method, request.routeOptions.url, status)
    })
    app.addHook('onClose', close)
  },
  { name: 'tracing', fastify: '5.x' },
)
